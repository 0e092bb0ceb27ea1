using Pipeline.Contracts.Results;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Reports;

/// <summary>The merged partials of a job, in whatever order they come. As large as its variants, however many shards it has.</summary>
internal sealed class SweepAggregate(int variants)
{
    private readonly VariantPartial[] partials = [.. Enumerable.Range(0, variants).Select(_ => new VariantPartial())];
    private readonly PredictionDigest[] digests = [.. Enumerable.Range(0, variants).Select(_ => new PredictionDigest())];
    private readonly PredictionDigest all = new();

    /// <summary>One per variant, in their order.</summary>
    public IReadOnlyList<VariantPartial> Partials => partials;

    /// <summary>Adds one shard's share of one variant.</summary>
    public void Add(PartialRow row)
    {
        partials[row.Variant].Merge(VariantPartial.FromBytes(row.Content));
        digests[row.Variant].Merge(row.Digest);
        all.Merge(row.Digest);
    }

    /// <returns>Over the variant's predictions, lower-case hex.</returns>
    public string Digest(int variant) => digests[variant].ToString();

    /// <returns>Over all predictions, lower-case hex.</returns>
    public string Digest() => all.ToString();
}
