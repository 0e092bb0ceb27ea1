using Pipeline.Contracts.Manifests;

namespace Pipeline.GpuWorker.Samples;

/// <summary>A sample, or of one with very many expressions some in a row: what is decoded, inferred and scored at a time, so that memory does not grow with their number.</summary>
/// <param name="Fetched">The whole sample.</param>
/// <param name="First">Index of the first expression.</param>
/// <param name="Expressions">From that one on, at least one.</param>
internal sealed record SamplePart(FetchedSample Fetched, int First, IReadOnlyList<Expression> Expressions)
{
    public Sample Sample => Fetched.Sample;

    /// <summary>The last of its sample.</summary>
    public bool IsLast => First + Expressions.Count == Sample.Expressions.Count;

    /// <param name="most">Expressions of a part.</param>
    public static IEnumerable<SamplePart> Of(FetchedSample fetched, int most)
    {
        var all = fetched.Sample.Expressions;
        return all.Count <= most
            ? [new SamplePart(fetched, 0, all)]
            : all.Chunk(most).Select((some, index) => new SamplePart(fetched, index * most, some));
    }
}
