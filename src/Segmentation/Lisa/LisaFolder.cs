using Pipeline.Contracts.Files;
using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Where the parts of a LISA checkpoint lie on disk.</summary>
/// <param name="Path">Folder of the language model, SAM and tokenizer.</param>
/// <param name="VisionTower">Folder of the CLIP vision tower.</param>
public sealed record LisaFolder(string Path, string VisionTower)
{
    private static readonly string[] SmallFiles = ["tokenizer.model", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", EndTokens.FileName];

    public string ConfigFile => System.IO.Path.Combine(Path, "config.json");

    public string VisionTowerConfigFile => System.IO.Path.Combine(VisionTower, "config.json");

    /// <summary>Every file that decides what the model computes, under names that do not depend on where they lie.</summary>
    public IReadOnlyList<(string Name, string Path)> Files
    {
        get
        {
            var own = SmallFiles.Select(name => System.IO.Path.Combine(Path, name)).Where(File.Exists).Append(ConfigFile).Concat(Checkpoint.WeightFiles(Path));
            var tower = Checkpoint.WeightFiles(VisionTower).Append(VisionTowerConfigFile);
            return
            [
                .. own.Select(path => (System.IO.Path.GetFileName(path), path)),
                .. tower.Select(path => ("vision_tower/" + System.IO.Path.GetFileName(path), path)),
            ];
        }
    }

    /// <summary>Bytes of the checkpoint's weights on disk, with those of its vision tower.</summary>
    /// <exception cref="CheckpointException">The vision tower is nowhere to be found.</exception>
    public static long WeightBytes(string folder)
    {
        var found = Find(folder, LisaConfig.Read(System.IO.Path.Combine(folder, "config.json")));
        return Checkpoint.WeightFiles(found.Path).Concat(Checkpoint.WeightFiles(found.VisionTower)).Sum(path => FileStamp.Of(path)?.Length ?? 0);
    }

    /// <exception cref="CheckpointException">The vision tower is nowhere to be found; the message lists where it was looked for.</exception>
    public static LisaFolder Find(string folder, LisaConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return FindTower(folder, config.VisionTower) is { } found
            ? new LisaFolder(System.IO.Path.GetFullPath(folder), found)
            : throw new CheckpointException(
                $"{System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), "config.json")}: vision_tower '{config.VisionTower}' was not found; looked for its config.json in {string.Join(", ", TowerPlaces(folder, config.VisionTower).Distinct())}");
    }

    /// <summary>The folder of a vision tower; null where there is none in any of the places.</summary>
    /// <param name="folder">Of the checkpoint.</param>
    /// <param name="name">As its configuration calls it.</param>
    internal static string? FindTower(string folder, string name) =>
        TowerPlaces(folder, name).FirstOrDefault(place => File.Exists(System.IO.Path.Combine(place, "config.json")));

    /// <summary>The last part of a vision tower's name.</summary>
    internal static string LastName(string name) => name.TrimEnd('/').Split('/')[^1];

    /// <summary>Relative or absolute as written; then a copy of openai/NAME beside or inside the checkpoint.</summary>
    private static string[] TowerPlaces(string folder, string name)
    {
        var root = System.IO.Path.GetFullPath(folder);
        return
        [
            System.IO.Path.GetFullPath(name, root),
            System.IO.Path.Combine(root, LastName(name)),
            System.IO.Path.GetFullPath(System.IO.Path.Combine(root, "..", name)),
            System.IO.Path.GetFullPath(System.IO.Path.Combine(root, "..", LastName(name))),
        ];
    }
}
