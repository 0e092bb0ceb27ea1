using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;
using Pipeline.Evaluation.ReasonSeg;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Collects what the report shows, out of those shard results that hold it.</summary>
internal sealed class OverlayReader(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts)
{
    /// <summary>A page should open quickly; larger ground-truth files are left out of it.</summary>
    private const long LargestTruthFile = 2 << 20;

    /// <returns>The overlay samples that are done, in manifest order, each with the answers of those variants that are.</returns>
    public async Task<IReadOnlyList<OverlaySample>> ReadAsync(Guid id, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var round = await ledger.Jobs.Where(row => row.Id == id).Select(row => row.Round).SingleAsync(token);
        var job = await JobArtifact.ReadAsync(artifacts, id, round, token);
        var overlays = new List<OverlaySample>();
        List<ShardRow> shards = [];
        IReadOnlyList<Sample> slice = [];
        var predictions = Array.Empty<Prediction>().ToLookup(prediction => prediction.Sample);
        foreach (var position in OverlayPositions.Of(job.Samples, job.Spec.Outputs.Overlays))
        {
            if (shards.Count == 0 || shards.Any(shard => position >= shard.First + shard.Samples))
            {
                shards = await DoneOverAsync(ledger, id, position, token);
                if (shards.Count == 0)
                    continue;
                slice = await ReadSliceAsync(shards[0], token);
                predictions = await ReadPredictionsAsync(shards, token);
            }

            overlays.Add(await ShowAsync(job, slice[(int)(position - shards[0].First) + shards[0].Skip], predictions, token));
        }

        return overlays;
    }

    /// <summary>One for the first variants and one for each addition of others, or what is left of them by splits.</summary>
    private static Task<List<ShardRow>> DoneOverAsync(LedgerContext ledger, Guid id, long position, CancellationToken token) => ledger.Shards.AsNoTracking()
        .Where(row => row.Job == id && row.State == ShardState.Done && row.First <= position && position < row.First + row.Samples)
        .OrderBy(row => row.FirstVariant)
        .ToListAsync(token);

    private async Task<ILookup<string, Prediction>> ReadPredictionsAsync(IReadOnlyList<ShardRow> shards, CancellationToken token)
    {
        var predictions = new List<Prediction>();
        foreach (var shard in shards)
            predictions.AddRange((await ReadResultAsync(shard.Result!, token)).Predictions);
        return predictions.ToLookup(prediction => prediction.Sample);
    }

    private async Task<OverlaySample> ShowAsync(ResolvedJob job, Sample sample, ILookup<string, Prediction> predictions, CancellationToken token)
    {
        var expressions = new List<OverlayExpression>();
        for (var index = 0; index < sample.Expressions.Count; index++)
        {
            var answers = predictions[sample.Id]
                .Where(prediction => prediction.Expression == index)
                .OrderBy(prediction => prediction.Variant)
                .Select(prediction => new OverlayAnswer(prediction.Mask, prediction.Overlap, prediction.Failure?.Reason, prediction.Stages, prediction.Answer));
            OverlayAnswer[] shown = [.. answers];
            var truth = sample.Expressions[index].Mask;
            expressions.Add(new OverlayExpression(
                sample.Expressions[index].Text, truth?.Rle ?? SceneMask(sample, index) ?? Drawn(truth?.Shapes, shown), await ReadTruthAsync(truth?.Path, token), shown));
        }

        return new OverlaySample(sample.Id, await ReadImageAsync(ArtifactNames.Overlay(job.Id, sample.Id, "jpg"), token), expressions);
    }

    private static Rle? SceneMask(Sample sample, int expression) =>
        sample.Image.Synthetic is { } scene ? SyntheticScenes.Describe(scene, sample.Expressions.Count).Expressions[expression].Mask : null;

    /// <summary>Polygons as the object's mask; the answers alone tell the size of the image.</summary>
    private static Rle? Drawn(IReadOnlyList<ReasonSegShape>? shapes, OverlayAnswer[] answers) =>
        shapes is not null && answers.Select(answer => answer.Mask).FirstOrDefault(mask => mask is not null) is { } size
            ? MaskLabels.Encode(ReasonSegMask.Draw(shapes, size.Height, size.Width), size.Height, size.Width).Rle
            : null;

    private static async Task<byte[]?> ReadTruthAsync(string? path, CancellationToken token) =>
        path is not null && FileStamp.Of(path) is { Length: <= LargestTruthFile } ? await File.ReadAllBytesAsync(path, token) : null;

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
