using System.Text.Json.Serialization;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Orchestrator.Reports;

/// <summary>What a job found, so far or at last; <c>report.json</c> is this record. Described in <c>docs/report.md</c>.</summary>
public sealed record Report
{
    /// <summary>Name and version of the format that this code writes.</summary>
    public const string CurrentFormat = "pipeline.report/1";

    /// <summary>Name and version of the format.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>True only when the counts equal the manifest's.</summary>
    public required bool Final { get; init; }

    public required Guid Job { get; init; }

    public required string Name { get; init; }

    /// <summary><c>planning</c>, <c>running</c>, <c>done</c>, <c>stopped</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why the job stopped or was cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>Samples whose predictions of all variants are in.</summary>
    public required long Samples { get; init; }

    /// <summary>Samples in the manifest.</summary>
    public required long SamplesPlanned { get; init; }

    /// <summary>Expressions of those samples; each gives one prediction per variant.</summary>
    public required long Expressions { get; init; }

    /// <summary>Expressions in the manifest.</summary>
    public required long ExpressionsPlanned { get; init; }

    /// <summary>Failed predictions of all variants.</summary>
    public required long Failures { get; init; }

    /// <summary>The first failed predictions in manifest order.</summary>
    public required IReadOnlyList<FailureReport> FirstFailures { get; init; }

    /// <summary>The weights were initialised at random and never trained: masks and overlaps mean nothing.</summary>
    public required bool RandomWeights { get; init; }

    public required DatasetSpec Dataset { get; init; }

    public required ModelSpec Model { get; init; }

    public required ModelDescription Checkpoint { get; init; }

    /// <summary>SHA-256 over the manifest.</summary>
    public required string ManifestHash { get; init; }

    /// <summary>SHA-256 over specification, manifest, weights and code: equal fingerprints are the same question.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Over all predictions: equal digests are the same predictions bit for bit, times left out, however the manifest was cut.</summary>
    public required string Digest { get; init; }

    public required string CodeVersion { get; init; }

    /// <summary>How FLOPs are counted.</summary>
    public string FlopsConvention { get; init; } = "pyramiddrop: language model, visual tokens only, 4nd^2 + 2n^2d + 3ndm per layer, one multiply-add is one FLOP";

    /// <summary>How intervals are made.</summary>
    public required string IntervalMethod { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>In the order of the job.</summary>
    public required IReadOnlyList<VariantReport> Variants { get; init; }

    /// <summary>Wall time from the first shard to the last, seconds; null while the job runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }
}
