namespace Pipeline.Evaluation.Statistics;

/// <summary>Counts and times of generated answers. All integers, so merged tallies are the same bit for bit in any order.</summary>
public sealed class AnswerTally
{
    /// <summary>Generated answers; 0 where answers were forced.</summary>
    public long Answers { get; private set; }

    public long WithoutMask { get; private set; }

    public long WithOneMask { get; private set; }

    public long WithSeveralMasks => Answers - WithoutMask - WithOneMask;

    /// <summary>Answers that a limit cut off.</summary>
    public long Truncated { get; private set; }

    /// <summary>New tokens of all answers.</summary>
    public long Tokens { get; private set; }

    /// <summary>Time behind the first token, per answer.</summary>
    public LogHistogram DecodeTime { get; private init; } = new();

    /// <summary>Mean new tokens of an answer; null without answers.</summary>
    public double? MeanTokens => Answers == 0 ? null : (double)Tokens / Answers;

    /// <summary>New tokens per second of decoding; the first of each answer comes with the prompt and counts in neither. Null without such tokens.</summary>
    public double? TokensPerSecond =>
        Tokens > Answers && DecodeTime.Mean is > 0 and { } mean ? (Tokens - Answers) / (mean * DecodeTime.Count / 1000) : null;

    internal void Add(AnswerMeasurement answer)
    {
        Answers++;
        if (answer.Masks == 0)
            WithoutMask++;
        if (answer.Masks == 1)
            WithOneMask++;
        if (answer.Truncated)
            Truncated++;
        Tokens += answer.Tokens;
        DecodeTime.Add(answer.DecodeMilliseconds);
    }

    internal void Merge(AnswerTally other)
    {
        Answers += other.Answers;
        WithoutMask += other.WithoutMask;
        WithOneMask += other.WithOneMask;
        Truncated += other.Truncated;
        Tokens += other.Tokens;
        DecodeTime.Merge(other.DecodeTime);
    }

    internal void Write(PartialWriter writer)
    {
        foreach (var number in (ReadOnlySpan<long>)[Answers, WithoutMask, WithOneMask, Truncated, Tokens])
            writer.Unsigned(number);
        DecodeTime.Write(writer);
    }

    internal static AnswerTally Read(PartialReader reader) => new()
    {
        Answers = reader.Unsigned(),
        WithoutMask = reader.Unsigned(),
        WithOneMask = reader.Unsigned(),
        Truncated = reader.Unsigned(),
        Tokens = reader.Unsigned(),
        DecodeTime = LogHistogram.Read(reader),
    };
}
