namespace Pipeline.GpuWorker.Children;

/// <summary>A step of the child and the time it took.</summary>
internal sealed record StageTime(string Stage, TimeSpan Time);
