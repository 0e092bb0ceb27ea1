namespace Pipeline.Evaluation.Statistics;

/// <summary>All that a report needs of one variant over some shards. Partials of any shards merge by addition; the order does not matter, not even to the last bit.</summary>
public sealed class VariantPartial
{
    /// <summary>Version of the bytes. Those before, without <see cref="Answers"/> and without <see cref="Kinds"/>, are read too; others are refused.</summary>
    public const byte FormatVersion = 3;

    private const byte VersionWithoutAnswers = 2;
    private const byte VersionWithoutKinds = 1;

    private static ReadOnlySpan<byte> Magic => "VP"u8;

    public SegmentationTally Tally { get; private init; } = new();

    /// <summary>Overlaps of the expressions that have a kind.</summary>
    public KindTally Kinds { get; private init; } = new();

    /// <summary>Generated answers; empty where they were forced.</summary>
    public AnswerTally Answers { get; private init; } = new();

    /// <summary>Every measured prediction of this variant.</summary>
    public BootstrapSums Own { get; private init; } = new();

    /// <summary>Those of them whose counterpart of the reference variant has no measure. Usually empty.</summary>
    public BootstrapSums UnpairedOwn { get; private init; } = new();

    /// <summary>Predictions of the reference variant whose counterpart here has no measure. Usually empty.</summary>
    public BootstrapSums UnpairedReference { get; private init; } = new();

    /// <summary>Every expression that this variant or the reference measured was measured by both.</summary>
    public bool MeasuredAsReference => UnpairedOwn.IsEmpty && UnpairedReference.IsEmpty;

    public void Merge(VariantPartial other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Tally.Merge(other.Tally);
        Own.Merge(other.Own);
        UnpairedOwn.Merge(other.UnpairedOwn);
        UnpairedReference.Merge(other.UnpairedReference);
        Kinds.Merge(other.Kinds);
        Answers.Merge(other.Answers);
    }

    /// <summary>A few kilobytes: variable-length integers, replicates as differences from the data's own sums.</summary>
    public byte[] ToBytes()
    {
        var writer = new PartialWriter();
        writer.Raw(Magic);
        writer.Raw([FormatVersion]);
        Tally.Write(writer);
        Own.Write(writer);
        UnpairedOwn.Write(writer);
        UnpairedReference.Write(writer);
        Kinds.Write(writer);
        Answers.Write(writer);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no partial, are damaged, or are of another version.</exception>
    public static VariantPartial FromBytes(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.Span.StartsWith(Magic) || bytes.Length == Magic.Length)
            throw new InvalidDataException("These bytes are not a variant's partial.");
        var version = bytes.Span[Magic.Length];
        if (version is not (FormatVersion or VersionWithoutAnswers or VersionWithoutKinds))
            throw new InvalidDataException($"The partial has format version {version}; this code reads versions {VersionWithoutKinds} to {FormatVersion}.");
        var reader = new PartialReader(bytes[(Magic.Length + 1)..]);
        var partial = new VariantPartial
        {
            Tally = SegmentationTally.Read(reader),
            Own = BootstrapSums.Read(reader),
            UnpairedOwn = BootstrapSums.Read(reader),
            UnpairedReference = BootstrapSums.Read(reader),
            Kinds = version == VersionWithoutKinds ? new KindTally() : KindTally.Read(reader),
            Answers = version < FormatVersion ? new AnswerTally() : AnswerTally.Read(reader),
        };
        reader.RequireEnd();
        return partial;
    }
}
