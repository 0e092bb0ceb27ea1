namespace Pipeline.Fuzzing.Probing;

/// <summary>One input, run.</summary>
/// <param name="Time">On a processor.</param>
/// <param name="Bytes">Allocated on the managed heap, or by which the process's peak grew, whichever is more.</param>
/// <param name="Signature">The same for the same fault; empty without one.</param>
/// <param name="Message">What went wrong; empty without a fault.</param>
internal sealed record Observation(Verdict Verdict, TimeSpan Time, long Bytes, string Signature = "", string Message = "");
