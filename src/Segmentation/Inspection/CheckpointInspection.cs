namespace Pipeline.Segmentation.Inspection;

/// <summary>What a checkpoint on disk is, from its configurations and the headers of its weight files.</summary>
/// <remarks>Written as JSON by <c>pipeline model inspect --json</c>; docs/models.md describes each field. What is not known is null.</remarks>
public sealed record CheckpointInspection
{
    /// <summary>The file or folder it was asked about.</summary>
    public required string Path { get; init; }

    /// <summary><c>lisa</c>, <c>clip</c>, <c>llama</c>, <c>weights</c> (a folder of another kind) or <c>file</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Nothing is missing, misshapen or damaged.</summary>
    public bool Whole => Faults.Count == 0;

    /// <summary>What is wrong, a sentence each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>The class that its configuration names.</summary>
    public string? Architecture { get; init; }

    /// <summary>True for a model that was never trained.</summary>
    public bool? RandomWeights { get; init; }

    /// <summary>Name of the conversation template.</summary>
    public string? Conversation { get; init; }

    public LanguageSizes? Language { get; init; }

    public VisionSizes? Vision { get; init; }

    public MaskSizes? Masks { get; init; }

    public TokenizerFacts? Tokenizer { get; init; }

    /// <summary>The checkpoint, and the vision tower of a LISA where it is found.</summary>
    public required IReadOnlyList<PartInspection> Parts { get; init; }

    /// <summary>Memory to run it, once for each floating type.</summary>
    public required IReadOnlyList<MemoryEstimate> Memory { get; init; }
}
