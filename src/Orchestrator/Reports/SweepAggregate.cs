using Pipeline.Contracts.Results;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Orchestrator.Reports;

/// <summary>The merged partials of a job, in whatever order they come. As large as its variants, however many shards it has.</summary>
internal sealed class SweepAggregate(int variants)
{
    private readonly VariantPartial[] partials = [.. Enumerable.Range(0, variants).Select(_ => new VariantPartial())];
    private readonly PredictionDigest[] digests = [.. Enumerable.Range(0, variants).Select(_ => new PredictionDigest())];

    /// <summary>One per variant, in their order.</summary>
    public IReadOnlyList<VariantPartial> Partials => partials;

    /// <summary>Adds a partial of one variant, or several merged.</summary>
    public void Add(int variant, byte[] digest, byte[] content)
    {
        partials[variant].Merge(VariantPartial.FromBytes(content));
        digests[variant].Merge(digest);
    }

    /// <returns>Over the variant's predictions, lower-case hex.</returns>
    public string Digest(int variant) => digests[variant].ToString();

    /// <returns>Over the variant's predictions.</returns>
    public byte[] DigestBytes(int variant) => digests[variant].ToBytes();

    /// <returns>Over all predictions, lower-case hex.</returns>
    public string Digest()
    {
        var all = new PredictionDigest();
        foreach (var digest in digests)
            all.Merge(digest.ToBytes());
        return all.ToString();
    }
}
