using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Collects what the report shows, out of those shard results that hold it.</summary>
internal sealed class OverlayReader(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts)
{
    /// <summary>A page should open quickly; larger ground-truth files are left out of it.</summary>
    private const long LargestTruthFile = 2 << 20;

    /// <returns>The overlay samples whose shards are done, in manifest order.</returns>
    public async Task<IReadOnlyList<OverlaySample>> ReadAsync(Guid id, CancellationToken token)
    {
        await using var stream = await artifacts.OpenAsync(ArtifactNames.Job(id), token);
        var job = (await JsonSerializer.DeserializeAsync<ResolvedJob>(stream, ContractsJson.Options, token))!;
        var overlays = new List<OverlaySample>();
        ShardRow? shard = null;
        IReadOnlyList<Sample> slice = [];
        ILookup<string, Prediction>? predictions = null;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        foreach (var position in OverlayPositions.Of(job.Samples, job.Spec.Outputs.Overlays))
        {
            if (shard is null || position >= shard.First + shard.Samples)
            {
                shard = await ledger.Shards.AsNoTracking()
                    .Where(row => row.Job == id && row.First <= position && position < row.First + row.Samples).SingleAsync(token);
                slice = await ReadSliceAsync(shard, token);
                predictions = shard.Result is null ? null : (await ReadResultAsync(shard.Result, token)).Predictions.ToLookup(prediction => prediction.Sample);
            }

            if (predictions is not null)
                overlays.Add(await ShowAsync(job, slice[(int)(position - shard.First)], predictions, token));
        }

        return overlays;
    }

    private async Task<OverlaySample> ShowAsync(ResolvedJob job, Sample sample, ILookup<string, Prediction> predictions, CancellationToken token)
    {
        var expressions = new List<OverlayExpression>();
        for (var index = 0; index < sample.Expressions.Count; index++)
        {
            var answers = predictions[sample.Id]
                .Where(prediction => prediction.Expression == index)
                .OrderBy(prediction => prediction.Variant)
                .Select(prediction => new OverlayAnswer(prediction.Mask, prediction.Overlap, prediction.Failure?.Reason, prediction.Stages));
            var truth = sample.Expressions[index].Mask;
            expressions.Add(new OverlayExpression(
                sample.Expressions[index].Text, truth?.Rle ?? SceneMask(sample, index), await ReadTruthAsync(truth?.Path, token), [.. answers]));
        }

        return new OverlaySample(sample.Id, await ReadImageAsync(ArtifactNames.Overlay(job.Id, sample.Id, "jpg"), token), expressions);
    }

    private static Rle? SceneMask(Sample sample, int expression) =>
        sample.Image.Synthetic is { } scene ? SyntheticScenes.Describe(scene, sample.Expressions.Count).Expressions[expression].Mask : null;

    private static async Task<byte[]?> ReadTruthAsync(string? path, CancellationToken token) =>
        path is not null && new FileInfo(path) is { Exists: true, Length: <= LargestTruthFile } ? await File.ReadAllBytesAsync(path, token) : null;

    private async Task<byte[]?> ReadImageAsync(string name, CancellationToken token)
    {
        if (!await artifacts.ExistsAsync(name, token))
            return null;
        await using var stream = await artifacts.OpenAsync(name, token);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, token);
        return bytes.ToArray();
    }

    private async Task<IReadOnlyList<Sample>> ReadSliceAsync(ShardRow shard, CancellationToken token)
    {
        await using var stream = await artifacts.OpenAsync(shard.Slice, token);
        return await ManifestSlice.ReadAsync(stream, shard.Slice, token);
    }

    private async Task<ShardResult> ReadResultAsync(string name, CancellationToken token)
    {
        await using var stream = await artifacts.OpenAsync(name, token);
        return await ShardResultFile.ReadAsync(stream, name, token);
    }
}
