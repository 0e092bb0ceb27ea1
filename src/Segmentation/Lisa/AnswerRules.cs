namespace Pipeline.Segmentation.Lisa;

/// <summary>When an answer ends, and which of its tokens asks for a mask.</summary>
/// <param name="SegToken">Id of [SEG].</param>
/// <param name="EndTokens">The answer ends with any of them.</param>
/// <param name="MaxNewTokens">Tokens an answer may have, its end token included; at least 1.</param>
/// <param name="MaxPositions">Tokens that prompt, visual tokens and answer may have together; null for no such limit.</param>
public sealed record AnswerRules(int SegToken, IReadOnlyCollection<int> EndTokens, int MaxNewTokens, int? MaxPositions = null)
{
    /// <param name="prompt">Tokens of the prompt, unpruned, so that every pruning variant gets the same room.</param>
    /// <returns>Tokens the answer may have.</returns>
    /// <exception cref="ArgumentException">There is no room for any.</exception>
    public int Room(int prompt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxNewTokens, 1);
        if (MaxPositions is not { } positions)
            return MaxNewTokens;
        return prompt < positions
            ? Math.Min(MaxNewTokens, positions - prompt)
            : throw new ArgumentException($"the prompt has {prompt} tokens with those of the image, and the model {positions} positions: no room is left for an answer");
    }
}
