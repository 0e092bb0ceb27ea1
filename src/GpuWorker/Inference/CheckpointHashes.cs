using System.Collections.Concurrent;
using Pipeline.Contracts.Files;
using Pipeline.Segmentation;

namespace Pipeline.GpuWorker.Inference;

/// <summary>Hashes of the checkpoints on this machine, computed anew only when a file's size or time changed.</summary>
public sealed class CheckpointHashes
{
    private readonly ConcurrentDictionary<string, (string Stamp, Lazy<string> Hash)> known = new(StringComparer.Ordinal);

    /// <param name="checkpoint">Folder.</param>
    /// <returns>As <see cref="Contracts.Models.ModelDescription.WeightsHash"/>.</returns>
    /// <exception cref="InvalidDataException">There is no whole checkpoint; says what is missing.</exception>
    public string Of(string checkpoint)
    {
        var stamp = string.Join('\n', ModelCatalog.FilesOf(checkpoint).Select(file => Stamp(file.Path)));
        var entry = known.AddOrUpdate(checkpoint, New, (folder, before) => before.Stamp == stamp ? before : New(folder));
        return entry.Hash.Value;

        (string, Lazy<string>) New(string folder) => (stamp, new Lazy<string>(() => ModelCatalog.HashOf(folder)));
    }

    private static string Stamp(string path) =>
        FileStamp.Of(path) is { } file ? $"{path}|{file.Length}|{file.Written}" : throw new InvalidDataException($"{path} does not exist");
}
