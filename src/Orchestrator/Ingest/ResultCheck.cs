using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Holds a shard result to its manifest slice.</summary>
internal static class ResultCheck
{
    /// <summary>Every sample, expression and variant is there exactly once, in order, and each prediction is whole.</summary>
    /// <param name="samples">The shard's own.</param>
    /// <param name="firstVariant">Index of its first variant.</param>
    /// <param name="variants">Its variants, from that one on.</param>
    /// <exception cref="InvalidDataException">It is not; the message names the first prediction that is wrong.</exception>
    public static void Require(ShardResult result, ShardCompleted message, IReadOnlyList<Sample> samples, int firstVariant, int variants)
    {
        if ((result.Job, result.Shard, result.Attempt) != (message.Job, message.Shard, message.Attempt))
        {
            throw new InvalidDataException(
                $"{message.Result.Name} is the result of shard {result.Shard}, attempt {result.Attempt} of job {result.Job}, not of what was announced.");
        }

        var at = 0;
        foreach (var sample in samples)
        {
            for (var expression = 0; expression < sample.Expressions.Count; expression++)
            {
                for (var variant = firstVariant; variant < firstVariant + variants; variant++)
                {
                    if (at == result.Predictions.Count)
                        throw new InvalidDataException($"{message.Result.Name} ends before sample '{sample.Id}', expression {expression}, variant {variant}.");
                    var found = result.Predictions[at++];
                    if (found.Sample != sample.Id || found.Expression != expression || found.Variant != variant)
                    {
                        throw new InvalidDataException(
                            $"{message.Result.Name}: prediction {at} is of sample '{found.Sample}', expression {found.Expression}, variant {found.Variant}; " +
                            $"expected sample '{sample.Id}', expression {expression}, variant {variant}.");
                    }

                    RequireWhole(found, message.Result.Name);
                }
            }
        }

        if (at < result.Predictions.Count)
            throw new InvalidDataException($"{message.Result.Name} holds {result.Predictions.Count - at} predictions beyond its manifest slice.");
    }

    private static void RequireWhole(Prediction prediction, string name)
    {
        var overlap = prediction.Overlap;
        var wrong = prediction switch
        {
            { Failure: not null } and ({ Mask: not null } or { Overlap: not null }) => "failed and yet has a mask",
            { Failure: not null, Answer: not null } => "failed and yet has an answer",
            { Answer: { Masks: < 0 } or { Tokens: < 1 } } => "counts its answer's masks or tokens wrong",
            { Answer.Parts: { } parts } when parts.Count != prediction.Answer.Masks => "has another number of masks than its answer asks for",
            { Answer: { } answer } when !(answer.DecodeMilliseconds >= 0) || double.IsInfinity(answer.DecodeMilliseconds) => "has impossible times",
            _ when overlap is not null && (overlap.Intersection < 0 || overlap.Union < overlap.Intersection) => "has an impossible overlap",
            _ when !double.IsFinite(prediction.Tflops) || prediction.Tflops < 0 => "has impossible FLOPs",
            _ when !(prediction.LlmMilliseconds >= 0) || !(prediction.TotalMilliseconds >= 0) => "has impossible times",
            _ when prediction.VisualTokens.Count != prediction.Tokens.Count => "counts visual tokens in another number of layers than tokens",
            _ => null,
        };
        if (wrong is not null)
            throw new InvalidDataException($"{name}: the prediction of sample '{prediction.Sample}', expression {prediction.Expression}, variant {prediction.Variant} {wrong}.");
    }
}
