using Pipeline.Contracts.Artifacts;

namespace Pipeline.GpuWorker.Children;

/// <summary>How storing a picture went: exactly one of the two.</summary>
internal sealed record PutAnswer(int Id)
{
    public ArtifactReference? Stored { get; init; }

    public string? Fault { get; init; }
}
