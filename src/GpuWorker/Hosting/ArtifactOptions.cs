using System.ComponentModel.DataAnnotations;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>Where artifacts lie. Section <c>Artifacts</c>.</summary>
public sealed class ArtifactOptions
{
    public const string Section = "Artifacts";

    /// <summary>Folder shared with the orchestrator.</summary>
    [Required(ErrorMessage = "Artifacts:Folder is missing; give the folder that the orchestrator and all workers share.")]
    public string? Folder { get; set; }
}
