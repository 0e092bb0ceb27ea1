using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class KCenterTests : IDisposable
{
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    [Fact]
    public void Where_nothing_differs_positions_spread_over_the_grid()
    {
        // 3 x 3: the centre is nearest to the mean, then the corners in raster order.
        Kept(ones([1, 9, 4]), 3, 3, new KCenterOptions { Count = 1 }).ShouldBe([4]);
        Kept(ones([1, 9, 4]), 3, 3, new KCenterOptions { Count = 3 }).ShouldBe([0, 2, 4]);
        Kept(ones([1, 9, 4]), 3, 3, new KCenterOptions { Count = 5 }).ShouldBe([0, 2, 4, 6, 8]);
    }

    [Fact]
    public void Without_positions_one_token_of_every_kind_is_kept()
    {
        var kinds = tensor(new long[] { 0, 0, 1, 1, 1, 2, 0, 3, 3, 2, 1, 0 });
        var features = eye(4).index_select(0, kinds).unsqueeze(0) * 7;
        var kept = Kept(features, 3, 4, new KCenterOptions { Count = 4, PositionWeight = 0 });
        kept.Select(token => kinds[token].item<long>()).Order().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void No_token_is_farther_from_the_kept_ones_than_these_from_each_other()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)seed);
            var features = randn([1, 30, 8], generator: generator);
            var kept = Kept(features, 5, 6, new KCenterOptions { Count = 6 }).Select(token => (int)token).ToArray();
            var points = Points(features, 5, 6);
            var apart = kept.SelectMany(a => kept.Where(b => b != a).Select(b => Distance(points[a], points[b]))).Min();
            foreach (var other in Enumerable.Range(0, 30).Except(kept))
                kept.Min(token => Distance(points[token], points[other])).ShouldBeLessThanOrEqualTo(apart + 1e-5);
        }
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    private long[] Kept(Tensor features, int height, int width, KCenterOptions options)
    {
        using var scope = NewDisposeScope();
        var shape = golden.Shape(1) with { GridHeight = height, GridWidth = width };
        var step = new KCenter(options).Plan(shape).Single();
        var total = shape.VisualTokens;
        return step.Select(new PruningContext
        {
            Layer = 0,
            Hidden = zeros([1, total + 4, 8]),
            Positions = arange(0, total + 4, ScalarType.Int64).unsqueeze(0),
            Layout = new SequenceLayout(2, total, [new SequenceRow(total + 4, total + 3, [])]),
            Tokens = arange(0, total, ScalarType.Int64).unsqueeze(0),
            VisualEmbeddings = features,
            Image = new ImageEvidence(0),
        }).Tokens.data<long>().ToArray();
    }

    private static double[][] Points(Tensor features, int height, int width)
    {
        var values = nn.functional.normalize(features, dim: -1).contiguous().data<float>().ToArray();
        var (size, side) = ((int)features.shape[2], (double)Math.Max(height, width));
        return [.. Enumerable.Range(0, height * width).Select(token => (double[])
            [.. values.Skip(token * size).Take(size).Select(value => (double)value), token / width / side, token % width / side])];
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)));
}
