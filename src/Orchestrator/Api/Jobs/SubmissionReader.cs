using System.Globalization;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Api.Problems;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Reads what is submitted: everything that is wrong with it in one answer.</summary>
internal sealed class SubmissionReader(IModelCatalog catalog, DataRoots roots, IOptions<ApiOptions> limits)
{
    /// <exception cref="RequestFault">The job is wrong, or larger than this host takes.</exception>
    public (JobSpec Spec, ModelDescription Model) Read(JobBody body)
    {
        var reading = JobFile.Parse(body.Content, body.Name, roots, catalog);
        var faults = reading.Faults.Concat(reading.Spec is { } read ? TooLarge(read) : []).ToArray();
        return faults.Length == 0 ? (reading.Spec!, reading.Model!) : throw Refused("job", faults);
    }

    /// <param name="model">Of the job that they are added to.</param>
    /// <param name="known">Variants that it has.</param>
    /// <exception cref="RequestFault">They are wrong, or too many.</exception>
    public IReadOnlyList<VariantSpec> ReadVariants(JobBody body, ModelDescription model, int known)
    {
        var variants = JobFile.ParseVariants(body.Content, body.Name, catalog, model.Shape, out var faults);
        if (faults.Count == 0 && known + variants.Count > limits.Value.MostVariants)
            faults = [TooManyVariants(known + variants.Count)];
        return faults.Count == 0 ? variants : throw Refused("list of variants", faults);
    }

    private IEnumerable<JobFault> TooLarge(JobSpec spec)
    {
        if (spec.Variants.Count > limits.Value.MostVariants)
            yield return TooManyVariants(spec.Variants.Count);
        var most = limits.Value.MostPredictions / spec.Variants.Count;
        if (spec.Dataset.Count > most)
        {
            yield return new JobFault("dataset.count", string.Create(
                CultureInfo.InvariantCulture,
                $"{spec.Dataset.Count} is above {most}: with {spec.Variants.Count} variants a job has at most {limits.Value.MostPredictions} (samples x variants)"));
        }
    }

    private JobFault TooManyVariants(int count) => new(
        "variants", string.Create(CultureInfo.InvariantCulture, $"are {count}; this orchestrator takes at most {limits.Value.MostVariants} of a job"));

    private static RequestFault Refused(string what, IReadOnlyList<JobFault> faults)
    {
        var count = faults.Count == 1 ? "1 fault" : string.Create(CultureInfo.InvariantCulture, $"{faults.Count} faults");
        return new RequestFault(StatusCodes.Status400BadRequest, $"The {what} has {count}; nothing was started.") { Errors = faults };
    }
}
