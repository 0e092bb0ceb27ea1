namespace Pipeline.Segmentation.Pruning;

/// <summary>Whose attention counts.</summary>
public enum QueryRow
{
    /// <summary>The last token of the instruction, before any answer: what a deployed model has.</summary>
    LastInstruction,

    /// <summary>The token whose hidden state predicts the (first) [SEG]. When the answer is still to be generated there is none, and the last token of the instruction stands in.</summary>
    Seg,

    /// <summary>The last real token, the end of a teacher-forced answer included: FastV's code read literally.</summary>
    Last,
}
