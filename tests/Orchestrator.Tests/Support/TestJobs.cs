using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;

namespace Pipeline.Orchestrator.Tests.Support;

/// <summary>Small jobs, and results as a worker would make them: everything follows from sample, expression and variant.</summary>
internal static class TestJobs
{
    public const int Layers = 4;
    public const int Tokens = 64;

    public static ModelDescription Model { get; } = new(
        new ModelShape
        {
            Architecture = "lisa",
            Layers = Layers,
            HiddenSize = 8,
            IntermediateSize = 16,
            Heads = 2,
            KeyValueHeads = 2,
            VocabularySize = 100,
            GridHeight = 8,
            GridWidth = 8,
        },
        WeightsHash: new string('a', 64),
        RandomWeights: true);

    public static JobSpec Spec(int samples = 10, int perShard = 4) => new()
    {
        Name = "test",
        Dataset = new DatasetSpec("synthetic") { Count = samples, Seed = 7, Size = 64 },
        Model = new ModelSpec("/models/tiny"),
        Variants =
        [
            new VariantSpec("none", "none", new Dictionary<string, JsonNode>(), new string('0', 64)),
            new VariantSpec("fastv:layer=2,keep=0.5", "fastv", new Dictionary<string, JsonNode> { ["layer"] = 2, ["keep"] = 0.5 }, new string('1', 64)),
            new VariantSpec("random:keep=0.25", "random", new Dictionary<string, JsonNode> { ["keep"] = 0.25 }, new string('2', 64)),
        ],
        Shards = new ShardSpec { Samples = perShard },
        Outputs = new OutputSpec { Overlays = 3 },
        Failures = new FailureBudget { Percent = 10 },
    };

    public static ShardResult ResultOf(ProcessShard message, IReadOnlyList<Sample> slice, Func<Prediction, Prediction>? alter = null)
    {
        var part = message.Part;
        var predictions =
            from sample in slice.Skip(part.Skip).Take(part.Samples)
            from expression in Enumerable.Range(0, sample.Expressions.Count)
            from variant in Enumerable.Range(part.FirstVariant, part.Variants)
            select Predict(sample.Id, expression, variant);
        return new ShardResult(message.Job, message.Shard, message.Attempt, "worker-1", "0.1.0", [.. predictions.Select(alter ?? (prediction => prediction))]);
    }

    public static Prediction Failed(Prediction prediction, string reason) => new()
    {
        Sample = prediction.Sample,
        Expression = prediction.Expression,
        Variant = prediction.Variant,
        Failure = new PredictionFailure(FaultClass.Poison, "decode", reason),
    };

    private static Prediction Predict(string sample, int expression, int variant)
    {
        var seed = sample.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) + (expression * 7) + (variant * 3);
        var random = new Random(seed);
        var union = random.Next(1, 2000);
        var kept = Tokens >> variant;
        return new Prediction
        {
            Sample = sample,
            Expression = expression,
            Variant = variant,
            Mask = Rle.FromBox(random.Next(30), random.Next(30), 20, 10, 64, 64),
            Overlap = new MaskOverlap(random.Next(0, union + 1), union),
            VisualTokens = [Tokens, Tokens, kept, kept],
            Tokens = [Tokens + 20, Tokens + 20, kept + 20, kept + 20],
            Tflops = 0.001 * kept,
            LlmMilliseconds = 1 + random.NextDouble(),
            TotalMilliseconds = 3 + random.NextDouble(),
        };
    }
}
