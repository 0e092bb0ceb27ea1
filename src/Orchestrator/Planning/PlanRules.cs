using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Orchestrator.Planning;

/// <summary>What every dataset is held to while it is planned.</summary>
/// <param name="roots">Where images and masks may lie.</param>
/// <param name="mostPredictions">Samples times variants.</param>
internal sealed class PlanRules(DataRoots roots, long mostPredictions)
{
    /// <summary>For a run by this machine's own user.</summary>
    public static PlanRules None { get; } = new(DataRoots.Everywhere, long.MaxValue);

    /// <exception cref="InvalidDataException">The dataset is damaged, is too large or names files outside of the roots.</exception>
    public async IAsyncEnumerable<Sample> ReadAsync(JobSpec spec, [EnumeratorCancellation] CancellationToken token)
    {
        var samples = 0L;
        await foreach (var sample in DatasetReaders.ReadAsync(spec.Dataset, roots, token))
        {
            if (++samples > mostPredictions / spec.Variants.Count)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"dataset: it holds more than {mostPredictions / spec.Variants.Count} samples, and with {spec.Variants.Count} variants a job has at most {mostPredictions} (samples x variants); cut it into several jobs."));
            }

            yield return sample;
        }
    }
}
