using System.Diagnostics;
using Pipeline.Contracts.Jobs;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>Whether dropped tokens save the time that they save in FLOPs.</summary>
public sealed class PrefillTime : IBenchmark
{
    private const int Batch = 8, Rounds = 7;
    private static readonly string[] Variants = ["none", "uniform:keep=0.5", "uniform:keep=0.1", "fastv:layer=2,keep=0.5", "fastv:layer=2,keep=0.1", "pyramiddrop"];

    public string Description => $"prefill of {Batch} prompts of 616 tokens (8 layers of width 512), variants by turns; FLOPs of all tokens, text included";

    public void Run(BenchmarkSession session)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var decoder = new RandomDecoder(layers: 8, width: 512, inner: 1376, heads: 8);
        var (embeddings, layout) = decoder.Prompts(Batch);
        var plans = Variants.Select(variant => PruningMethods.Create(VariantSpec.Parse(variant, new ModelCatalog(), decoder.Shape)).Plan(decoder.Shape)).ToArray();
        var (times, flops) = (Variants.Select(_ => new List<double>()).ToArray(), new double[Variants.Length]);
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < plans.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var result = PruningExecutor.Run(decoder.Model, embeddings, layout, plans[i], new ImageEvidence(1));
                decoder.Wait();
                if (round >= 0) times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                flops[i] = result.Tokens(0).Sum(tokens => FlopsConvention.PyramidDrop.Layer(decoder.Shape, tokens));
            }
        }

        for (var i = 0; i < Variants.Length; i++)
        {
            session.Record(Variants[i], "ms", times[i]);
            session.Record($"{Variants[i]}: share of FLOPs", "%", 100 * flops[i] / flops[0]);
            // The fastest rounds: in slower ones the machine had something else to do.
            session.Record($"{Variants[i]}: share of time / share of FLOPs", "x", times[i].Min() / times[0].Min() * flops[0] / flops[i]);
        }
    }
}
