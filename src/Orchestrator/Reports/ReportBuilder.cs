using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Merges a job's partials into its report. May be asked for while it runs, and costs the same however many shards it has.</summary>
internal sealed class ReportBuilder(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts)
{
    private const int FailuresShown = 20;

    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    /// <exception cref="FileNotFoundException">The job was never planned to its end.</exception>
    public async Task<Report> BuildAsync(Guid id, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);

        // One snapshot: a shard that ends meanwhile is in all of the numbers or in none.
        await using var snapshot = await ledger.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, token);
        var row = await ledger.Jobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, token)
            ?? throw JobStates.Unknown(id);
        var job = await JobArtifact.ReadAsync(artifacts, id, row.Round, token);
        var tallies = await ShardTally.ReadAsync(ledger, id, token);
        var sweep = await PartialMerge.ReadAsync(ledger, id, job.Spec.Variants.Count, token);
        var failures = await ReadFailuresAsync(ledger, job, token);

        var variants = Enumerable.Range(0, job.Spec.Variants.Count).ToArray();
        var samples = variants.Min(variant => ShardTally.SamplesDone(tallies, variant));
        var expressions = variants.Min(variant => ShardTally.ExpressionsDone(tallies, variant));
        return new Report
        {
            Final = samples == job.Samples && sweep.Partials.All(partial => partial.Tally.Predictions == job.Expressions),
            Job = id,
            Name = job.Spec.Name,
            State = row.State.ToString().ToLowerInvariant(),
            Reason = row.Reason,
            Samples = samples,
            SamplesPlanned = job.Samples,
            Expressions = expressions,
            ExpressionsPlanned = job.Expressions,
            Failures = sweep.Partials.Sum(partial => partial.Tally.Failures),
            FirstFailures = failures,
            RandomWeights = job.Model.RandomWeights,
            Dataset = job.Spec.Dataset,
            Model = job.Spec.Model,
            Checkpoint = job.Model,
            ManifestHash = job.ManifestHash,
            Fingerprint = row.Fingerprint ?? "",
            Digest = sweep.Digest(),
            CodeVersion = job.CodeVersion,
            IntervalMethod = string.Create(
                CultureInfo.InvariantCulture, $"95 % percentile interval of {PairedBootstrap.Replicates} Poisson bootstrap replicates over samples, paired for differences"),
            SubmittedAt = row.SubmittedAt,
            EndedAt = row.EndedAt,
            Seconds = (row.EndedAt - row.StartedAt)?.TotalSeconds,
            Variants = CompareWithBest([.. variants.Select(index => Describe(job.Spec.Variants, index, sweep, ShardTally.SamplesDone(tallies, index)))], sweep),
        };
    }

    private static VariantReport Describe(IReadOnlyList<VariantSpec> variants, int index, SweepAggregate sweep, long samples)
    {
        var partial = sweep.Partials[index];
        var tally = partial.Tally;
        return new VariantReport
        {
            Name = variants[index].Name,
            Method = variants[index].Method,
            Settings = variants[index].Settings,
            Reimplementation = variants[index].IsReimplementation,
            Samples = samples,
            Predictions = tally.Predictions,
            Failures = tally.Failures,
            Measured = tally.Measured,
            Giou = tally.Giou,
            Ciou = tally.Ciou,
            GiouInterval = PairedBootstrap.Giou(partial),
            CiouInterval = PairedBootstrap.Ciou(partial),
            DifferenceToNone = ReferenceVariant.IndexIn(variants) is { } reference && reference != index && CoverTheSame(partial, sweep.Partials[reference])
                ? new DifferenceReport(
                    PairedBootstrap.GiouDifference(partial, sweep.Partials[reference]), PairedBootstrap.CiouDifference(partial, sweep.Partials[reference]))
                : null,
            Kinds = DescribeKinds(partial.Kinds),
            Answers = DescribeAnswers(partial.Answers),
            AverageVisualTokens = tally.MeanVisualTokens.Count == 0 ? null : tally.MeanVisualTokens.Average(),
            VisualTokensPerLayer = tally.MeanVisualTokens,
            TflopsPerSample = tally.MeanTflops,
            LlmMilliseconds = Times(tally.LlmTime),
            TotalMilliseconds = Times(tally.TotalTime),
            Digest = sweep.Digest(index),
        };
    }

    /// <summary>Variants that were added later are behind the others until they are done, and are not compared before.</summary>
    private static bool CoverTheSame(VariantPartial one, VariantPartial other) => one.Tally.Predictions == other.Tally.Predictions;

    private static VariantReport[] CompareWithBest(VariantReport[] variants, SweepAggregate sweep)
    {
        foreach (var budget in EqualBudget.Of(variants))
        {
            var best = budget.Variants[0];
            var bestPartial = sweep.Partials[Array.IndexOf(variants, best)];
            foreach (var variant in budget.Variants.Skip(1))
            {
                var index = Array.IndexOf(variants, variant);
                var partial = sweep.Partials[index];
                if (!CoverTheSame(partial, bestPartial))
                    continue;
                variants[index] = variant with
                {
                    DifferenceToBest = new DifferenceToBestReport(
                        best.Name, PairedBootstrap.GiouBetween(partial, bestPartial), PairedBootstrap.CiouBetween(partial, bestPartial)),
                };
            }
        }

        return variants;
    }

    private static OrderedDictionary<string, KindReport>? DescribeKinds(KindTally kinds) => kinds.Sums.Count == 0
        ? null
        : new(kinds.Sums.Select(kind => KeyValuePair.Create(kind.Key, new KindReport(kind.Value.Measured, kind.Value.Giou, kind.Value.Ciou))));

    private static AnswersReport? DescribeAnswers(AnswerTally answers) => answers.Answers == 0 ? null : new AnswersReport
    {
        Answers = answers.Answers,
        WithoutMask = answers.WithoutMask,
        WithOneMask = answers.WithOneMask,
        WithSeveralMasks = answers.WithSeveralMasks,
        Truncated = answers.Truncated,
        MeanNewTokens = answers.MeanTokens!.Value,
        DecodeMilliseconds = Times(answers.DecodeTime),
        TokensPerSecond = answers.TokensPerSecond,
    };

    private static TimeReport Times(LogHistogram times) =>
        new() { Median = times.Quantile(0.5), P95 = times.Quantile(0.95), Mean = times.Mean };

    private static async Task<IReadOnlyList<FailureReport>> ReadFailuresAsync(LedgerContext ledger, ResolvedJob job, CancellationToken token)
    {
        var rows = await ledger.Predictions
            .Where(row => row.Job == job.Id && row.Fault != null)
            .OrderBy(row => row.Position).ThenBy(row => row.Expression).ThenBy(row => row.Variant)
            .Take(FailuresShown)
            .Select(row => new { row.Sample, row.Expression, row.Variant, row.Stage, row.Reason })
            .ToListAsync(token);
        return [.. rows.Select(row => new FailureReport(row.Sample, row.Expression, job.Spec.Variants[row.Variant].Name, row.Stage ?? "", row.Reason ?? ""))];
    }
}
