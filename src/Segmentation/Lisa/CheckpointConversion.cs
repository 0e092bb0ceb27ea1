using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Writes a checkpoint again as safetensors: a LISA with its vision tower, or any other folder of weights.</summary>
/// <remarks>
/// Tensors go through in pieces, so memory does not grow with the model, but for one that is stored in another order than row-major. The result is written as
/// <c>DIR.partial</c> and gets its name when it is whole.
/// </remarks>
/// <param name="Source">Folder of the checkpoint.</param>
/// <param name="Target">Folder to be made; may exist if it is empty.</param>
public sealed record CheckpointConversion(string Source, string Target)
{
    /// <summary>What floating tensors become; null for what they are, bit for bit.</summary>
    public ScalarType? Dtype { get; init; }

    /// <summary>Most bytes of tensors in a file.</summary>
    /// <value>Default 5 GB.</value>
    public long ShardBytes { get; init; } = CheckpointWriter.ShardBytes;

    /// <param name="written">Told each weight file, under its temporary name, once it is written.</param>
    /// <param name="token">Ends it; nothing stays behind then.</param>
    /// <returns>What became of the vision tower: a sentence for the user, or null for a checkpoint that needs none.</returns>
    /// <exception cref="InvalidDataException">The source is no whole checkpoint, or the target is not empty; nothing was written.</exception>
    /// <exception cref="CheckpointException">A file could not be read to its end; nothing stays behind.</exception>
    /// <exception cref="IOException">The disk has too little room, or another run is at it.</exception>
    public string? Run(Action<string> written, CancellationToken token)
    {
        if (!Directory.Exists(Source))
            throw new InvalidDataException($"{Source} is no folder; expected that of a checkpoint");
        if (Directory.Exists(Target) && Directory.EnumerateFileSystemEntries(Target).Any())
            throw new InvalidDataException($"{Target} is not empty; choose a folder that does not exist yet");
        using var checkpoint = Open(Source);
        var (tower, outcome) = FindTower();
        using var clip = tower is null ? null : Open(tower);
        var copy = new CheckpointCopy(Dtype, ShardBytes);
        using var staged = StagedFolder.For(Target);
        DiskRoom.Require(staged.Path, copy.BytesOf(checkpoint) + (clip is null ? 0 : copy.BytesOf(clip)));
        if (clip is not null)
            copy.Write(clip, tower!, Directory.CreateDirectory(Path.Combine(staged.Path, LisaFolder.LastName(tower!))).FullName, written, token);
        copy.Write(checkpoint, Source, staged.Path, written, token);
        staged.Complete();
        return outcome;
    }

    private static Checkpoint Open(string folder)
    {
        try
        {
            return Checkpoint.Open(folder, CPU, ScalarType.Float32);
        }
        catch (CheckpointException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    /// <summary>Where the vision tower lies, if it is to be written inside the new folder, where the configuration must lead to it.</summary>
    private (string? Folder, string? Outcome) FindTower()
    {
        var path = Path.Combine(Source, "config.json");
        if (!File.Exists(path))
            return (null, null);
        try
        {
            using (var json = ConfigFile.Open(path))
            {
                if (!json.Has("train_mask_decoder"))
                    return (null, null);
            }

            var name = LisaConfig.Read(path).VisionTower;
            if (LisaFolder.FindTower(Source, name) is not { } found)
                return (null, $"its vision tower '{name}' is not there and was not converted; put it into or beside the new folder");
            if (LisaFolder.LastName(name) is "" or "." or "..")
                return (null, $"its vision tower '{name}' has no name of its own and was not converted; give it one in the new config.json");
            // What the new folder's configuration finds first must be the new tower.
            var inside = Path.Combine(Path.GetFullPath(Target), LisaFolder.LastName(name));
            var asWritten = Path.GetFullPath(name, Path.GetFullPath(Target));
            return asWritten != inside && File.Exists(Path.Combine(asWritten, "config.json"))
                ? (null, $"its vision tower stays in {asWritten}, where its config.json says")
                : (found, $"its vision tower is in {inside}");
        }
        catch (CheckpointException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }
}
