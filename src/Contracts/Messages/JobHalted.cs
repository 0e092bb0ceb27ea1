namespace Pipeline.Contracts.Messages;

/// <summary>To all workers: drop what was sent of this job up to now. It was paused, cancelled or stopped; what is sent after it was resumed carries a later epoch.</summary>
/// <param name="Epoch">The last epoch to drop.</param>
/// <param name="Reason">For a person.</param>
public sealed record JobHalted(Guid Job, int Epoch, string Reason);
