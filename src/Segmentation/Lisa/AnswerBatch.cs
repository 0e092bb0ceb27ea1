using Pipeline.Segmentation.Pruning;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Answers to several prompts about one image, decoded together.</summary>
/// <param name="Prompts">How the prompts went through the layers.</param>
/// <param name="Answers">One per prompt, in order.</param>
/// <param name="Decoding">From the choice of the first tokens to that of the last: all that a longer answer costs.</param>
public sealed record AnswerBatch(PrunedSequence Prompts, IReadOnlyList<GreedyAnswer> Answers, TimeSpan Decoding) : IDisposable
{
    public void Dispose()
    {
        Prompts.Dispose();
        foreach (var answer in Answers) answer.Dispose();
    }
}
