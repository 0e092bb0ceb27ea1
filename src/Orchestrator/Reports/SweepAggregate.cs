using System.Security.Cryptography;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Reports;

/// <summary>The merged partials of a job. As large as its variants, however many shards it has.</summary>
internal sealed class SweepAggregate(int variants) : IDisposable
{
    private readonly VariantPartial[] partials = [.. Enumerable.Range(0, variants).Select(_ => new VariantPartial())];
    private readonly IncrementalHash[] digests = [.. Enumerable.Range(0, variants).Select(_ => IncrementalHash.CreateHash(HashAlgorithmName.SHA256))];

    /// <summary>One per variant, in their order.</summary>
    public IReadOnlyList<VariantPartial> Partials => partials;

    /// <summary>Adds one shard's share of one variant. A variant's shards come in their order, for the digest's sake.</summary>
    public void Add(PartialRow row)
    {
        partials[row.Variant].Merge(VariantPartial.FromBytes(row.Content));
        digests[row.Variant].AppendData(row.Digest);
    }

    /// <returns>SHA-256 over the digests of the variant's shards, lower-case hex.</returns>
    public string Digest(int variant) => Convert.ToHexStringLower(digests[variant].GetCurrentHash());

    /// <returns>SHA-256 over the digests of all variants, lower-case hex.</returns>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData([.. digests.SelectMany(digest => digest.GetCurrentHash())]));

    public void Dispose()
    {
        foreach (var digest in digests)
            digest.Dispose();
    }
}
