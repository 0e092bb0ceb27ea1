using System.Text.Json.Nodes;
using Npgsql;
using Pipeline.Evaluation;

namespace Pipeline.Chaos.Audit;

/// <summary>Computes a report's aggregates anew from the ledger's rows, by the definitions and not by the partials.</summary>
internal sealed class ReportAudit(NpgsqlDataSource ledger, Guid job, JsonNode report, Verdict verdict)
{
    /// <summary>Partials keep IoUs in fixed point, in steps of 2^-30.</summary>
    private const double Rounding = 1e-9;

    /// <param name="digest">Of the same job in an undisturbed run; null for that run itself.</param>
    public async Task RunAsync(string? digest, CancellationToken token)
    {
        var name = job.ToString()[^6..];
        if (!report["final"]!.GetValue<bool>())
            verdict.Losses.Add($"job {name}: its report is not final");
        if (digest is not null && report["digest"]!.GetValue<string>() != digest)
            verdict.WrongNumbers.Add($"job {name}: digest {report["digest"]} instead of {digest}");
        var variants = report["variants"]!.AsArray();
        for (var variant = 0; variant < variants.Count; variant++)
        {
            var (giou, ciou, predictions, failures) = await RecomputeAsync(variant, token);
            Compare($"job {name}, variant {variant}: gIoU", variants[variant]!["giou"], giou);
            Compare($"job {name}, variant {variant}: cIoU", variants[variant]!["ciou"], ciou);
            Compare($"job {name}, variant {variant}: predictions", variants[variant]!["predictions"], predictions);
            Compare($"job {name}, variant {variant}: failures", variants[variant]!["failures"], failures);
        }
    }

    private void Compare(string what, JsonNode? reported, double recomputed)
    {
        if (reported is null || Math.Abs(reported.GetValue<double>() - recomputed) > Rounding)
            verdict.WrongNumbers.Add($"{what} is {reported?.ToJsonString() ?? "missing"} in the report and {recomputed:R} by its rows");
    }

    private async Task<(double Giou, double Ciou, long Predictions, long Failures)> RecomputeAsync(int variant, CancellationToken token)
    {
        await using var command = ledger.CreateCommand("""SELECT fault IS NOT NULL, intersection, "union" FROM predictions WHERE job = $1 AND variant = $2""");
        command.Parameters.Add(new() { Value = job });
        command.Parameters.Add(new() { Value = variant });
        await using var reader = await command.ExecuteReaderAsync(token);
        double terms = 0;
        long measured = 0, intersections = 0, unions = 0, predictions = 0, failures = 0;
        while (await reader.ReadAsync(token))
        {
            predictions++;
            failures += reader.GetBoolean(0) ? 1 : 0;
            if (reader.IsDBNull(1))
                continue;
            var overlap = new MaskOverlap(reader.GetInt64(1), reader.GetInt64(2));
            terms += overlap.GiouTerm;
            intersections += overlap.Intersection;
            unions += overlap.Union;
            measured++;
        }

        return (terms / measured, MaskOverlap.Ciou(intersections, unions), predictions, failures);
    }
}
