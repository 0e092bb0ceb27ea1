using System.Globalization;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Orchestrator.Reports;

/// <summary>What a reader must know besides the numbers, the same in every form of the report.</summary>
internal static class ReportNotes
{
    /// <summary>Stands beside a method whose paper leaves settings open.</summary>
    public const string Reimplementation = "re-implementation";

    /// <summary>Said loudly, above the numbers.</summary>
    public static IEnumerable<string> Warnings(Report report)
    {
        if (!report.Final)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"PARTIAL: {report.Samples:N0} of {report.SamplesPlanned:N0} samples are in; the numbers are not final.");
        }

        if (report.Reason is { } reason)
            yield return $"The job stopped: {reason}";
        if (report.RandomWeights)
            yield return "RANDOM WEIGHTS: the checkpoint was never trained. Masks and overlaps mean nothing; only counts, tokens, FLOPs and times do.";
    }

    /// <summary>How the numbers were made, below them.</summary>
    public static IEnumerable<string> Notes(Report report)
    {
        yield return "gIoU: mean of the expressions' IoU. cIoU: sum of intersections over sum of unions. Both in percent, pixels labelled 255 ignored, as LISA evaluates.";
        yield return $"Differences are to the variant none, in percentage points, over the expressions both measured. Intervals: {report.IntervalMethod}.";
        yield return $"FLOPs: {report.FlopsConvention}; mean of one image with one expression.";
        yield return "Times: median / p95 in milliseconds of one image with one expression; work that variants or expressions share is divided among them.";
        if (report.Model.Generates)
        {
            yield return $"Answers are generated, greedily, up to {report.Model.MaxNewTokens} new tokens. An answer's mask is the union of the masks it asks for, empty where it asks for none; such a mask is compared with the ground truth like any other.";
            yield return "FLOPs are those of the prompt, without new tokens; LLM ms is with them.";
        }

        if (report.Variants.Any(variant => variant.Reimplementation))
            yield return $"A {Reimplementation} computes what the method's paper says; what it leaves open is ours, so results are not the paper's.";
        yield return "Tokens: real visual tokens, mean over decoder layers.";
    }

    /// <summary>What the numbers belong to.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(Report report)
    {
        yield return ("dataset", Named(report.Dataset));
        yield return ("samples", $"{Numbers.Count(report.Samples)} of {Numbers.Count(report.SamplesPlanned)}");
        yield return ("expressions", $"{Numbers.Count(report.Expressions)} of {Numbers.Count(report.ExpressionsPlanned)}");
        yield return ("failed predictions", Numbers.Count(report.Failures));
        yield return ("model", $"{report.Model.Checkpoint} ({report.Checkpoint.Shape.Architecture}, {report.Checkpoint.Shape.Layers} layers, {report.Checkpoint.Shape.VisualTokens} visual tokens, {report.Model.Dtype}{(report.Model.Conversation is { } conversation ? $", conversation {conversation}" : "")})");
        yield return ("weights", report.Checkpoint.WeightsHash);
        yield return ("manifest", report.ManifestHash);
        yield return ("fingerprint", report.Fingerprint);
        yield return ("predictions digest", report.Digest);
        yield return ("job", report.Job.ToString());
        yield return ("code", report.CodeVersion);
        yield return ("submitted", report.SubmittedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        if (report.Seconds is { } seconds)
            yield return ("duration", string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s"));
    }

    private static string Named(DatasetSpec dataset) => dataset.Format switch
    {
        "synthetic" => Scenes(dataset),
        "reasonseg" => $"{dataset.Path}, split {dataset.Split}, {(dataset.Texts == "all" ? "all texts" : "first texts")}",
        "refcoco" => $"{dataset.Set} of {dataset.Path}, split {dataset.Split} by {dataset.SplitBy}",
        _ => dataset.Path ?? dataset.Format,
    };

    private static string Scenes(DatasetSpec dataset) => string.Create(
        CultureInfo.InvariantCulture,
        $"synthetic, {dataset.Count} scenes of {dataset.Size} x {dataset.Size}, split {dataset.Split}, seed {dataset.Seed}, {dataset.Expressions} expressions each");
}
