using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Checks this build against reference tensors made by the upstream code.</summary>
public static class GoldenVerifier
{
    /// <param name="folder">A golden set: one sub-folder per group.</param>
    /// <param name="groups">Names of groups; empty means all.</param>
    /// <param name="device">Where models run.</param>
    /// <param name="dtype">Type of weights and activations. Tolerances are those of float32, which runs without TF32; for smaller types they are widened.</param>
    /// <returns>At least one row per group.</returns>
    /// <exception cref="ArgumentException">A group is unknown; the message lists those there are.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<VerificationRow> Run(string folder, IReadOnlyList<string> groups, Device device, ScalarType dtype)
    {
        var chosen = groups.Count == 0 ? GoldenGroups.All : [.. groups.Distinct().Select(Find)];
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder} does not exist; expected a folder with {string.Join(", ", GoldenGroups.All.Select(group => group.Name))}");
        FullPrecision.Keep(device);
        return [.. chosen.SelectMany(group => Run(group, folder, device, dtype))];
    }

    private static IReadOnlyList<VerificationRow> Run(IGoldenGroup group, string folder, Device device, ScalarType dtype)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var golden = new GoldenFolder(group.Name, Path.Combine(folder, group.Name), device, dtype);
        if (!Directory.Exists(golden.Path))
            golden.Fail(group.Name, $"{golden.Path} does not exist; expected the folder of group '{group.Name}'");
        else
            golden.Guard([group.Name], () => group.Verify(golden));
        if (golden.Rows.Count == 0) golden.Fail(group.Name, $"{golden.Path} holds nothing to compare with");
        return golden.Rows;
    }

    private static IGoldenGroup Find(string name) =>
        GoldenGroups.All.FirstOrDefault(group => group.Name == name)
        ?? throw new ArgumentException($"there is no golden group '{name}'; there are {string.Join(", ", GoldenGroups.All.Select(group => group.Name))}");
}
