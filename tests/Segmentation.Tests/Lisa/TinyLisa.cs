using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

/// <summary>The tiny preset, written once and loaded.</summary>
public sealed class TinyLisa : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public TinyLisa()
    {
        LisaPresets.Write("tiny", Folder, seed: 1);
        Model = LisaModel.Load(Folder, CPU, ScalarType.Float32);
    }

    public static IReadOnlyList<Expression> Expressions { get; } =
    [
        new("the red circle", false, null),
        new("Which object is left of the largest square?", true, null),
        new("star", false, null),
    ];

    public string Folder => temporary.File("tiny");

    public LisaModel Model { get; }

    /// <summary>Blocks of random colours.</summary>
    public static RgbImage Image(int seed, int width, int height)
    {
        var colours = new byte[64 * 3];
        new Random(seed).NextBytes(colours);
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            pixels[i] = colours[((((y * 8 / height) * 8) + (x * 8 / width)) * 3) + (i % 3)];
        }

        return new RgbImage(width, height, pixels);
    }

    public void Dispose()
    {
        Model.Dispose();
        temporary.Dispose();
    }
}
