using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.Segmentation.Flops;

/// <summary>What one image with one expression costs up to the first token of the answer, from the tokens that go through each layer.</summary>
public sealed record PrefillCost
{
    /// <summary>Bytes of a float16 or bfloat16 number, in which memory is counted.</summary>
    public const int NumberBytes = 2;

    private const string DecoderLayers = "decoder layers";

    public required FlopsConvention Convention { get; init; }

    /// <summary>Visual tokens in each decoder layer.</summary>
    public required IReadOnlyList<int> VisualTokens { get; init; }

    /// <summary>Text tokens beside them, in every layer.</summary>
    public required int TextTokens { get; init; }

    /// <summary>What the convention counts, part by part.</summary>
    public required IReadOnlyList<WorkPart> Parts { get; init; }

    /// <summary>Keys and values after the prefill, bytes in float16.</summary>
    public required long KeyValueCacheBytes { get; init; }

    /// <summary>Peak of the tensors inside a decoder layer, bytes in float16.</summary>
    public required long PeakActivationBytes { get; init; }

    public double Flops => Parts.Sum(part => part.Flops);

    /// <summary>Mean over the decoder layers, of their work only.</summary>
    public double FlopsPerLayer => Parts.Single(part => part.Name == DecoderLayers).Flops / VisualTokens.Count;

    public double AverageVisualTokens => VisualTokens.Average();

    /// <param name="model">Sizes of all networks.</param>
    /// <param name="plan">What the pruning method does to it.</param>
    /// <param name="textTokens">Text tokens beside the visual ones.</param>
    /// <param name="convention">What is counted.</param>
    public static PrefillCost Of(ModelProfile model, IReadOnlyList<PruningStep> plan, int textTokens, FlopsConvention convention)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(convention);
        ArgumentOutOfRangeException.ThrowIfNegative(textTokens);
        var visual = Schedule.Of(plan, model.Shape).VisualTokens;
        int[] tokens = [.. visual.Select(count => count + textTokens)];
        var layers = new WorkPart(DecoderLayers, convention.Total(model.Shape, tokens, visual));
        return new PrefillCost
        {
            Convention = convention,
            VisualTokens = visual,
            TextTokens = textTokens,
            Parts = convention.CountsAllNetworks ? [.. Around(model, plan, tokens, textTokens, convention).Append(layers).OrderByDescending(part => part.Flops)] : [layers],
            KeyValueCacheBytes = PrefillMemory.KeyValueCache(model.Shape, tokens, NumberBytes),
            PeakActivationBytes = PrefillMemory.PeakActivations(model.Shape, tokens, NumberBytes),
        };
    }

    private static IEnumerable<WorkPart> Around(ModelProfile model, IReadOnlyList<PruningStep> plan, int[] tokens, int textTokens, FlopsConvention convention)
    {
        var shape = model.Shape;
        (string Name, double MultiplyAdds)[] parts =
        [
            ("vision tower", model.VisionTower),
            ("projector", shape.VisualTokens * Through(model.Projector)),
            ("output head", (double)shape.HiddenSize * shape.VocabularySize),
            ("ranking", plan.Sum(step => Ranking(shape, step.Need, step.BeforeLayer == 0 ? shape.VisualTokens + textTokens : tokens[step.BeforeLayer - 1]))),
            ("mask encoder", model.MaskEncoder),
            ("mask decoder", model.MaskDecoder + Through(model.MaskPrompt)),
        ];
        return parts.Where(part => part.MultiplyAdds > 0).Select(part => new WorkPart(part.Name, convention.FlopsPerMultiplyAdd * part.MultiplyAdds));
    }

    /// <summary>One attention row; where it is the next layer's, that layer's norm (two multiplications a number), keys and the one row's query first.</summary>
    private static double Ranking(ModelShape shape, AttentionNeed? need, double tokens)
    {
        double d = shape.HiddenSize, keyWidth = d / shape.Heads * shape.KeyValueHeads;
        var row = tokens * d;
        return need?.Source switch
        {
            null => 0,
            AttentionSource.PreviousLayer => row,
            AttentionSource.NextLayer => row + (2 * tokens * d) + (tokens * d * keyWidth) + (d * d),
            var other => throw new ArgumentOutOfRangeException(nameof(need), other, null),
        };
    }

    private static double Through(IReadOnlyList<int> widths) => widths.Zip(widths.Skip(1), (from, to) => (double)from * to).Sum();
}
