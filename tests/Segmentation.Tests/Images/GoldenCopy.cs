using Pipeline.Segmentation.Tests.Text;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Images;

internal static class GoldenCopy
{
    /// <summary>Verifies a copy of one group, damaged first.</summary>
    public static IReadOnlyList<VerificationRow> Verify(string group, Action<string>? damage = null)
    {
        using var set = new TemporaryFolder();
        var folder = Directory.CreateDirectory(set.File(group)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(GoldenFile.Root, group)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        damage?.Invoke(folder);
        return GoldenVerifier.Run(set.Path, [group], CPU, ScalarType.Float32);
    }
}
