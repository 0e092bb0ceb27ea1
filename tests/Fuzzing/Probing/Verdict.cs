namespace Pipeline.Fuzzing.Probing;

/// <summary>What came of one input.</summary>
internal enum Verdict
{
    /// <summary>It was read.</summary>
    Accepted,

    /// <summary>It was refused in the documented way.</summary>
    Refused,

    /// <summary>Anything else: another exception, or more memory than the input can justify.</summary>
    Fault,
}
