namespace Pipeline.Orchestrator.Api;

/// <summary>What jobs from the API may read. Section <c>Data</c>.</summary>
public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>Folders in which datasets, images, masks and checkpoints may lie; relative paths in jobs start from them.</summary>
    /// <value>Default none: no job with a checkpoint or dataset on disk is accepted.</value>
    public IList<string> Roots { get; } = [];
}
