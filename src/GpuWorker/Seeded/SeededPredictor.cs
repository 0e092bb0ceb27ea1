using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;
using Pipeline.Segmentation.Flops;

namespace Pipeline.GpuWorker.Seeded;

/// <summary>Predictions as a model might make them, out of nothing but names: the later a variant, the fewer its tokens and the worse its masks.</summary>
internal sealed class SeededPredictor
{
    private const int TextTokens = 40;
    private const int Side = 32;
    private const int MostVariants = 64;

    private const int NewTokens = 4;

    private readonly bool masks;
    private readonly bool generates;
    private readonly int firstVariant;
    private readonly Effort[] efforts;

    public SeededPredictor(ResolvedJob job, ShardPart part)
    {
        masks = job.Spec.Outputs.Masks != "none";
        generates = job.Spec.Model.Generates;
        firstVariant = part.FirstVariant;
        efforts = [.. Enumerable.Range(part.FirstVariant, part.Variants).Select(variant => Effort.Of(job.Model.Shape, variant))];
    }

    /// <summary>Appends the sample's predictions, by expression, then by variant.</summary>
    public void Predict(Sample sample, List<Prediction> predictions)
    {
        var seed = SeedOf(sample.Id);
        for (var expression = 0; expression < sample.Expressions.Count; expression++)
        {
            for (var index = 0; index < efforts.Length; index++)
            {
                predictions.Add(One(sample.Id, expression, firstVariant + index, efforts[index], seed));
            }
        }
    }

    private Prediction One(string sample, int expression, int variant, Effort effort, ulong seed)
    {
        var truth = Mixed(seed + (ulong)expression);
        var noise = Mixed(truth + (ulong)variant + 1);
        var width = 4 + (int)(truth % 24);
        var hit = Math.Max(1, width - (int)(noise % (ulong)(2 + Math.Min(variant, 8))));
        return new Prediction
        {
            Sample = sample,
            Expression = expression,
            Variant = variant,
            Mask = masks ? Rle.FromRuns(Side, Side, [0, hit * Side, (Side - hit) * Side]) : null,
            Answer = generates ? new GeneratedAnswer("It is [SEG] .", Masks: 1, NewTokens) { DecodeMilliseconds = 1 } : null,
            Overlap = new MaskOverlap(hit * Side, width * Side),
            VisualTokens = effort.VisualTokens,
            Tokens = effort.Tokens,
            Tflops = effort.Tflops,
            LlmMilliseconds = 10 + (noise % 1000 / 100.0),
            TotalMilliseconds = 20 + (noise % 1000 / 100.0),
        };
    }

    /// <summary>FNV-1a: the same in every process, which a string's own hash is not.</summary>
    private static ulong SeedOf(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>SplitMix64's finaliser.</summary>
    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    private sealed record Effort(IReadOnlyList<int> VisualTokens, IReadOnlyList<int> Tokens, double Tflops)
    {
        public static Effort Of(ModelShape shape, int variant)
        {
            var kept = Math.Max(1, shape.VisualTokens * (MostVariants - Math.Min(variant, MostVariants - 1)) / MostVariants);
            int[] visual = [.. Enumerable.Repeat(kept, shape.Layers)];
            int[] tokens = [.. Enumerable.Repeat(kept + TextTokens, shape.Layers)];
            return new Effort(visual, tokens, FlopsConvention.PyramidDrop.Total(shape, tokens, visual) / 1e12);
        }
    }
}
