using System.Diagnostics;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Benchmarks;

/// <summary>SLIC's time, and how far the fast mode's regions agree with the exact mode's.</summary>
/// <remarks>Of agreements the minimum is the worst error and the least recall of any image, or the reverse. Yardsticks: the exact mode with a round more, and with twice the rounds.</remarks>
public sealed class Superpixels : IBenchmark
{
    private const int Side = 336;
    private const int Scenes = 50;
    private const int Seed = 7;

    private static readonly SlicOptions Exact = new() { Segments = 64, StartLabel = 0 };
    private static readonly SlicOptions Fast = Exact with { Mode = SlicMode.Fast };

    public string Description => $"SLIC at {Side} x {Side}, {Exact.Segments} regions, one thread; agreement over {Scenes} synthetic scenes and the golden images";

    public void Run(BenchmarkSession session)
    {
        var scenes = Enumerable.Range(0, Scenes).Select(Scene).ToList();
        Time(session, "fast", scenes, 2000, image => Slic.Segment(image, Fast));
        Time(session, "fast, tokens of a 24 x 24 grid", scenes, 1000, image => Slic.Segment(image, Fast).ToTokenGrid(24, 24));
        Time(session, "exact", scenes, 50, image => Slic.Segment(image, Exact));
        Agree(session, "scenes, fast", scenes, Exact, Fast);
        Agree(session, "scenes, exact with 11 rounds", scenes, Exact, Exact with { MaxIterations = 11 });
        Agree(session, "scenes, exact with 20 rounds", scenes, Exact, Exact with { MaxIterations = 20 });
        var golden = SuperpixelsGoldenImages.Read();
        Agree(session, "golden images, fast", golden, Exact, Fast);
        Agree(session, "golden images, exact with 11 rounds", golden, Exact, Exact with { MaxIterations = 11 });
        Agree(session, "golden images, exact with 20 rounds", golden, Exact, Exact with { MaxIterations = 20 });
    }

    private static RgbImage Scene(int index)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(Seed, index, Side, Side));
        return new RgbImage(scene.Width, scene.Height, scene.Rgb);
    }

    /// <summary>Single calls on the clock, since on a busy machine the least tells most; and the processor's time, which counts no waiting.</summary>
    private static void Time(BenchmarkSession session, string name, List<RgbImage> images, int calls, Func<RgbImage, LabelMap> call)
    {
        // Long enough for the last tier of the compiler.
        for (var i = 0; i < calls; i++) call(images[i % images.Count]);
        var elapsed = new double[calls];
        var busy = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call(images[i % images.Count]);
            elapsed[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        busy = Environment.CpuUsage.TotalTime - busy;
        session.Record($"{name}: single calls", "ms", elapsed);
        session.Record($"{name}: processor time per call", "ms", busy.TotalMilliseconds / calls);
    }

    private static void Agree(BenchmarkSession session, string name, List<RgbImage> images, SlicOptions reference, SlicOptions options)
    {
        var pairs = images.ConvertAll(image => (Regions: Slic.Segment(image, options), Reference: Slic.Segment(image, reference)));
        session.Record($"{name}: under-segmentation error", "%", pairs.ConvertAll(pair => 100 * RegionAgreement.UnderSegmentationError(pair.Regions, pair.Reference)));
        session.Record($"{name}: boundary recall within 2 pixels", "%", pairs.ConvertAll(pair => 100 * RegionAgreement.BoundaryRecall(pair.Regions, pair.Reference)));
        session.Record($"{name}: regions for each of the reference", "%", pairs.ConvertAll(pair => 100.0 * pair.Regions.Regions / pair.Reference.Regions));
    }
}
