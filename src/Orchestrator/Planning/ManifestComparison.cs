using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Text;
using Pipeline.Orchestrator.Artifacts;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>Reads a planned job's dataset again and holds it to the manifest. Memory does not grow with it.</summary>
internal sealed class ManifestComparison(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, PlanRules rules)
{
    private const int DifferencesShown = 3;

    /// <param name="job">Planned to its end.</param>
    /// <exception cref="InvalidDataException">The dataset was changed since, or cannot be read any more.</exception>
    public async Task RequireUnchangedAsync(JobRow job, CancellationToken token)
    {
        var spec = JsonSerializer.Deserialize<JobSpec>(job.Spec, ContractsJson.Options)!;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var (first, slices) = (0L, new HashSet<string>(StringComparer.Ordinal));
        await foreach (var samples in rules.ReadAsync(spec, token).Chunk(spec.Shards.Samples).WithCancellation(token))
        {
            // A shard that was split left its slice to its halves, and all begin where it began.
            var planned = await ledger.Shards.Where(shard => shard.Job == job.Id && shard.First == first).Select(shard => new { shard.Slice, shard.SliceSha256 }).FirstOrDefaultAsync(token)
                ?? throw Changed(first, "a sample more than was planned");
            var slice = ManifestSlice.Write(samples);
            if (Convert.ToHexStringLower(SHA256.HashData(slice)) != planned.SliceSha256)
                throw Changed(first, await SliceArtifact.ReadAsync(artifacts, planned.Slice, planned.SliceSha256, token), samples);
            first += samples.Length;
        }

        if (first != job.Samples)
            throw Changed(first, string.Create(CultureInfo.InvariantCulture, $"the dataset ends here; {job.Samples} samples were planned"));
    }

    private static InvalidDataException Changed(long first, IReadOnlyList<Sample> before, Sample[] now)
    {
        var at = Enumerable.Range(0, Math.Max(before.Count, now.Length)).First(i => i >= before.Count || i >= now.Length || !Same(before[i], now[i]));
        List<string> differences = [.. JsonDifferences.Of(Json(before, at), Json(now, at)).Take(DifferencesShown)];
        return Changed(first + at, differences.Count > 0 ? string.Join("; ", differences) : "image.url: another query");
    }

    private static InvalidDataException Changed(long position, string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"dataset: it was changed since this run was begun, from sample {position + 1} on: {what}. Give another folder with --out, or undo the change."));

    private static bool Same(Sample one, Sample other) => ManifestSlice.Write([one]).AsSpan().SequenceEqual(ManifestSlice.Write([other]));

    /// <summary>As it may be shown: the query of an address may be a secret.</summary>
    private static JsonNode? Json(IReadOnlyList<Sample> samples, int at) =>
        at < samples.Count ? JsonSerializer.SerializeToNode(samples[at] with { Image = Shown(samples[at].Image) }, ContractsJson.Options) : null;

    private static ImageSource Shown(ImageSource image) => image.Url is { } url ? image with { Url = ImageUrl.Plain(url) } : image;
}
