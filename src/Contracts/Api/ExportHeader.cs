using Pipeline.Contracts.Jobs;

namespace Pipeline.Contracts.Api;

/// <summary>First line of an export; one <see cref="Results.Prediction"/> a line follows, by position in the manifest, expression and variant.</summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>.</param>
/// <param name="Job">Job id.</param>
/// <param name="State">As in <see cref="JobStatus.State"/>.</param>
/// <param name="Partial">Something of the job is missing.</param>
/// <param name="Predictions">Lines after this one.</param>
/// <param name="PredictionsPlanned">Lines there would be if nothing were missing.</param>
/// <param name="Samples">Samples of which every variant is there.</param>
/// <param name="SamplesPlanned">Samples in the manifest.</param>
/// <param name="Variants">A prediction's variant is an index into this list.</param>
public sealed record ExportHeader(
    string Format,
    Guid Job,
    string Name,
    string State,
    bool Partial,
    long Predictions,
    long PredictionsPlanned,
    long Samples,
    long SamplesPlanned,
    string ManifestHash,
    string Fingerprint,
    IReadOnlyList<VariantSpec> Variants)
{
    public const string CurrentFormat = "pipeline.export/1";
}
