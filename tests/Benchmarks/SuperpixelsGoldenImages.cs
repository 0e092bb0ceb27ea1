using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Images;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>The colour images of the golden group <c>slic</c>.</summary>
internal static class SuperpixelsGoldenImages
{
    public static List<RgbImage> Read()
    {
        using var scope = NewDisposeScope();
        using var file = Checkpoint.Open(Path.Combine(Root(), "tests", "golden", "slic", "io.safetensors"), CPU, ScalarType.Float32);
        return
        [
            .. from name in file.Names
               where name.StartsWith("image.", StringComparison.Ordinal)
               let image = file.Weights.Get(name, -1, -1, 3)
               select new RgbImage((int)image.shape[1], (int)image.shape[0], image.contiguous().bytes.ToArray()),
        ];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above the benchmarks holds Pipeline.sln.");
        return folder.FullName;
    }
}
