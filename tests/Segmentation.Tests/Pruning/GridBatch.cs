using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Lisa;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

/// <summary>Conversations of random embeddings about one image, which is a grid of visual tokens with a view and a class token's attention.</summary>
internal sealed class GridBatch : IDisposable
{
    private const int PixelsPerToken = 8;

    private GridBatch(ModelShape shape, Batch batch, ImageEvidence image, float[] classAttention) =>
        (Shape, Batch, Image, ClassAttention) = (shape, batch, image, classAttention);

    public ModelShape Shape { get; }

    public Batch Batch { get; }

    public ImageEvidence Image { get; }

    public float[] ClassAttention { get; }

    /// <summary>Random sizes: a grid of 3 to 7 tokens by 3 to 7, up to three conversations.</summary>
    public static GridBatch Random(GoldenLlama golden, int seed, int? sequences = null)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new System.Random(seed);
        var shape = golden.Shape(1) with { GridHeight = random.Next(3, 8), GridWidth = random.Next(3, 8) };
        var (start, visual) = (random.Next(1, 7), shape.VisualTokens);
        var rows = Enumerable.Range(0, sequences ?? random.Next(1, 4)).Select(_ =>
        {
            var length = start + visual + random.Next(3, 12);
            var instruction = random.Next(start + visual, length - 1);
            return new SequenceRow(length, instruction, [random.Next(instruction, length)]);
        }).ToArray();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var embeddings = randn([rows.Length, rows.Max(row => row.Length), golden.Model.Config.HiddenSize], generator: generator);
        var image = randn([1, visual, golden.Model.Config.HiddenSize], generator: generator);
        embeddings.narrow(1, start, visual).copy_(image.expand(rows.Length, -1, -1));
        var attention = Enumerable.Range(0, visual).Select(_ => random.NextSingle()).ToArray();
        var view = TinyLisa.Image(seed, shape.GridWidth * PixelsPerToken, shape.GridHeight * PixelsPerToken);
        return new GridBatch(shape, new Batch(embeddings.DetachFromDisposeScope(), new SequenceLayout(start, visual, rows)), Evidence(view, attention), attention);
    }

    public static ImageEvidence Evidence(RgbImage? view, float[]? classAttention = null) => new(7)
    {
        View = view,
        AttendFromClass = classAttention is null ? null : () => tensor(classAttention, [1, classAttention.Length]),
    };

    public void Dispose()
    {
        Image.Dispose();
        Batch.Dispose();
    }
}
