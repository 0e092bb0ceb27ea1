using Pipeline.Contracts.Messages;

namespace Pipeline.Contracts.Results;

/// <summary>Why a prediction has no mask.</summary>
/// <param name="Class">Kind of fault.</param>
/// <param name="Stage"><c>fetch</c>, <c>decode</c>, <c>truth</c>, <c>preprocess</c>, <c>encode</c>, <c>language</c> or <c>mask</c>.</param>
/// <param name="Reason">For a person; names the file or address.</param>
public sealed record PredictionFailure(FaultClass Class, string Stage, string Reason);
