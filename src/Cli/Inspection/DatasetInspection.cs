using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Orchestrator.Planning;

namespace Pipeline.Cli.Inspection;

/// <summary>Looks at every sample of a dataset, read as a job reads it. Memory: about 100 bytes an image and 4 a mask.</summary>
internal sealed class DatasetInspection
{
    private const int LookedAtOnce = 64;

    private readonly SortedDictionary<string, long> kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> skipped = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, long> widths = [];
    private readonly SortedDictionary<int, long> heights = [];
    private readonly List<float> shares = [];
    private readonly FaultTally missing = new();
    private readonly FaultTally broken = new();
    private readonly FaultTally masks = new();
    private readonly Duplicates duplicates = new();
    private long samples;
    private long expressions;
    private long sentences;
    private long truths;
    private long empty;
    private long ignoring;
    private long overlapping;

    /// <param name="progress">Told how many samples were looked at, now and then.</param>
    /// <exception cref="InvalidDataException">The dataset cannot be read; the message names the place.</exception>
    public static async Task<DatasetFindings> RunAsync(DatasetSpec dataset, Action<long> progress, CancellationToken token)
    {
        var inspection = new DatasetInspection();
        var read = DatasetReaders.ReadAsync(dataset, DataRoots.Everywhere, inspection.Skip, token);
        await foreach (var chunk in read.Chunk(LookedAtOnce).WithCancellation(token))
        {
            foreach (var look in chunk.AsParallel().AsOrdered().WithCancellation(token).Select(SampleLook.At))
                inspection.Add(look);
            progress(inspection.samples);
        }

        return inspection.Find(dataset);
    }

    private void Skip(string what) => skipped[what] = skipped.GetValueOrDefault(what) + 1;

    private void Add(SampleLook look)
    {
        samples++;
        foreach (var expression in look.Sample.Expressions)
            Add(expression, look.Sample.Image.Synthetic is not null);
        if (look.ImageFault is { } fault)
            (look.ImageMissing ? missing : broken).Add(fault);
        if (look.Size is var (width, height))
        {
            widths[width] = widths.GetValueOrDefault(width) + 1;
            heights[height] = heights.GetValueOrDefault(height) + 1;
        }

        foreach (var mask in look.Masks)
            Add(mask);
        if (look.Sample is { ContentHash: { } hash, Image.Path: not null })
            duplicates.Add(look.Sample.Id, hash);
    }

    private void Add(Expression expression, bool drawn)
    {
        expressions++;
        sentences += expression.IsSentence ? 1 : 0;
        truths += drawn || expression.Mask is not null ? 1 : 0;
        if (expression.Kind is { } kind)
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
    }

    private void Add(MaskLook mask)
    {
        if (mask.Fault is { } fault)
        {
            masks.Add(fault);
            return;
        }

        shares.Add((float)mask.Share);
        empty += mask.Share == 0 ? 1 : 0;
        ignoring += mask.Ignores ? 1 : 0;
        overlapping += mask.Overlaps ? 1 : 0;
    }

    private DatasetFindings Find(DatasetSpec dataset) => new(
        dataset,
        samples,
        skipped,
        new ExpressionFindings(expressions, sentences, expressions - sentences, truths, kinds),
        new ImageFindings(Spreads.Of(widths), Spreads.Of(heights), missing.Count, broken.Count, [.. missing.First, .. broken.First], duplicates.Count, duplicates.Pairs),
        new MaskFindings(shares.Count, Spreads.Of(shares), empty, ignoring, overlapping, masks.Count, masks.First));
}
