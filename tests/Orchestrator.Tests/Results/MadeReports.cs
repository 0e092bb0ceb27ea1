using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Results;

/// <summary>Small reports by hand.</summary>
internal static class MadeReports
{
    public static Report Report(params VariantReport[] variants) => new()
    {
        Final = true,
        Job = Guid.Empty,
        Name = "ablation",
        State = "done",
        Samples = 10,
        SamplesPlanned = 10,
        Expressions = 30,
        ExpressionsPlanned = 30,
        Failures = 0,
        FirstFailures = [],
        RandomWeights = false,
        Dataset = new DatasetSpec("synthetic") { Count = 10, Seed = 7 },
        Model = new ModelSpec("models/demo"),
        Checkpoint = TestJobs.Model,
        ManifestHash = new string('b', 64),
        Fingerprint = new string('c', 64),
        Digest = new string('d', 64),
        CodeVersion = "0.1.0",
        IntervalMethod = "95 % of 400 replicates",
        SubmittedAt = DateTimeOffset.UnixEpoch,
        Variants = variants,
    };

    public static VariantReport None { get; } = Variant("none", tokens: 64, tflops: 1, giou: 0.9) with { DifferenceToNone = null };

    /// <param name="name">As the job names it: method, settings.</param>
    /// <param name="half">Half the width of the difference's interval.</param>
    public static VariantReport Variant(string name, double? tokens, double? tflops, double? giou, double half = 0.01)
    {
        var (method, settings) = name.Split(':') is [var word, var list] ? (word, list.Split(',')) : (name, []);
        var time = new TimeReport { Median = 1, P95 = 2, Mean = 1 };
        return new VariantReport
        {
            Name = name,
            Method = method,
            Settings = settings.ToDictionary(setting => setting.Split('=')[0], setting => JsonNode.Parse(setting.Split('=')[1])!),
            Reimplementation = method == "altp",
            Samples = 10,
            Predictions = 30,
            Failures = giou is null ? 30 : 0,
            Measured = giou is null ? 0 : 30,
            Giou = giou,
            Ciou = giou,
            DifferenceToNone = giou is { } value ? new DifferenceReport(new Estimate(value - 0.9, value - 0.9 - half, value - 0.9 + half), null) : null,
            AverageVisualTokens = tokens,
            VisualTokensPerLayer = [],
            TflopsPerSample = tflops,
            LlmMilliseconds = time,
            TotalMilliseconds = time,
            Digest = new string('e', 64),
        };
    }
}
