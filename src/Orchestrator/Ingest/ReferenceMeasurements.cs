using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Reads what the reference variant measured, for a shard of variants that were added later and so are not in one result with it.</summary>
internal static class ReferenceMeasurements
{
    /// <returns>One per expression, in manifest order. Overlap and failure only, which is all that pairing needs.</returns>
    /// <exception cref="InvalidDataException">They are not all in the ledger.</exception>
    public static async Task<IReadOnlyList<Measurement>> ReadAsync(
        LedgerContext ledger, Guid job, long first, IReadOnlyList<Sample> samples, int reference, CancellationToken token)
    {
        var end = first + samples.Count;
        var rows = await ledger.Predictions
            .Where(row => row.Job == job && row.Position >= first && row.Position < end && row.Variant == reference)
            .OrderBy(row => row.Position).ThenBy(row => row.Expression)
            .Select(row => new { row.Fault, row.Intersection, row.Union })
            .ToListAsync(token);
        var expected = samples.Sum(sample => sample.Expressions.Count);
        if (rows.Count != expected)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"Of the {expected} predictions of variant {reference} that these are compared with, {rows.Count} are in the ledger; the others are being made anew."));
        }

        return [.. rows.Select(row => row.Fault is not null ? Measurement.Failure : new Measurement
        {
            Overlap = row is { Intersection: { } intersection, Union: { } union } ? new MaskOverlap(intersection, union) : null,
        })];
    }
}
