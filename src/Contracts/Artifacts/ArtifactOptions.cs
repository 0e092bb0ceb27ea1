using System.ComponentModel.DataAnnotations;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Where artifacts lie: a folder, or a container in Azure Blob Storage. Section <c>Artifacts</c>; the orchestrator and all workers share one place.</summary>
public sealed class ArtifactOptions : IValidatableObject
{
    public const string Section = "Artifacts";

    /// <summary>Folder that the orchestrator and all workers reach.</summary>
    public string? Folder { get; set; }

    /// <summary>A container instead of a folder.</summary>
    public BlobOptions Blob { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        string?[] places = [Folder, Blob.Connection, Blob.ConnectionFile, Blob.Uri?.ToString()];
        var given = places.Count(place => !string.IsNullOrEmpty(place));
        const string Choice = "Artifacts:Folder, Artifacts:Blob:Connection, Artifacts:Blob:ConnectionFile or Artifacts:Blob:Uri";
        if (given == 0)
            yield return new ValidationResult($"One of {Choice} is missing; give the place that the orchestrator and all workers share.");
        else if (given > 1)
            yield return new ValidationResult($"{given} of {Choice} are given; give one.");
        foreach (var fault in Blob.Faults())
            yield return new ValidationResult(fault);
    }
}
