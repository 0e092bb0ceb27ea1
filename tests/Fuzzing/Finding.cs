namespace Pipeline.Fuzzing;

/// <summary>An input that did what none may do.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Number">Of the input; with the seed it makes the input again.</param>
/// <param name="Seed">Of the campaign.</param>
/// <param name="Signature">The same for the same fault: the exception and its place, <c>memory</c>, <c>crash</c>, <c>hang</c>.</param>
/// <param name="Message">What happened.</param>
public sealed record Finding(string Target, long Number, int Seed, string Signature, string Message);
