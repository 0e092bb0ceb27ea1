using System.ComponentModel.DataAnnotations;

namespace Pipeline.Orchestrator.Hosting;

/// <summary>Where artifacts lie. Section <c>Artifacts</c>.</summary>
internal sealed class ArtifactOptions
{
    public const string Section = "Artifacts";

    /// <summary>Folder shared with all workers.</summary>
    [Required(ErrorMessage = "Artifacts:Folder is missing; give the folder that the orchestrator and all workers share.")]
    public string? Folder { get; set; }
}
