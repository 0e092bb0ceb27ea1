using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Where everything lies in an artifact store: <c>jobs/ID/...</c>, the same names in a folder and in blob storage.</summary>
public static class ArtifactNames
{
    private const int LongestName = 512;
    private const int LongestSegment = 128;

    /// <summary>Everything of a job lies below this.</summary>
    public static string Folder(Guid job) => $"jobs/{job:D}";

    /// <summary>The <see cref="Results.ResolvedJob"/>.</summary>
    /// <param name="round">How often variants were added to the job since.</param>
    public static string Job(Guid job, int round = 0) => Invariant($"jobs/{job:D}/job{(round == 0 ? "" : Invariant($"-{round}"))}.json");

    /// <summary>The manifest slice of a shard.</summary>
    public static string Slice(Guid job, int shard) => Invariant($"jobs/{job:D}/slices/{shard:D7}.jsonl");

    /// <summary>All results of a job lie below this.</summary>
    public static string Results(Guid job) => $"{Folder(job)}/results";

    /// <summary>The result of one attempt at a shard, named by its content so that it is never overwritten by another.</summary>
    /// <param name="sha256">Hash of the result's bytes, lower-case hex.</param>
    public static string Result(Guid job, int shard, int attempt, string sha256) =>
        Invariant($"jobs/{job:D}/results/{shard:D7}-{attempt}-{sha256[..16]}.jsonl.gz");

    /// <summary>The image of a sample that the report shows.</summary>
    /// <param name="extension">Without the dot: <c>jpg</c>.</param>
    public static string Overlay(Guid job, string sample, string extension) => $"jobs/{job:D}/overlays/{Segment(sample)}.{extension}";

    /// <summary>One predicted mask as PNG, for jobs that ask for them.</summary>
    /// <param name="variant">Index of the variant in the job.</param>
    /// <param name="expression">Index of the expression in its sample.</param>
    public static string Mask(Guid job, int variant, string sample, int expression) =>
        Invariant($"jobs/{job:D}/masks/{variant:D3}/{Segment(sample)}-{expression}.png");

    /// <returns>Whether the name is an overlay or a mask of the job.</returns>
    public static bool IsPicture(Guid job, string name) =>
        name.StartsWith($"{Folder(job)}/overlays/", StringComparison.Ordinal) || name.StartsWith($"{Folder(job)}/masks/", StringComparison.Ordinal);

    /// <summary>A file of the report: <c>report.md</c>, <c>report.json</c>, <c>report.html</c>.</summary>
    public static string Report(Guid job, string file) => $"jobs/{job:D}/report/{file}";

    /// <summary>Refuses every name that could leave the store or surprise a file system.</summary>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The name is not '/'-separated segments of ASCII letters, digits, '-', '_' and '.', or a segment is empty or begins with '.'.</exception>
    public static string Validate(string name)
    {
        if (name.Length is 0 or > LongestName)
            throw new ArgumentException($"An artifact name has 1 to {LongestName} characters; this one has {name.Length}.", nameof(name));
        foreach (var segment in name.Split('/'))
        {
            if (segment.Length > LongestSegment || !IsSegment(segment))
            {
                throw new ArgumentException(
                    $"'{name}' is no artifact name: its part '{segment}' must be 1 to {LongestSegment} letters, digits, '-', '_' or '.', not beginning with '.'.",
                    nameof(name));
            }
        }

        return name;
    }

    /// <summary>A sample id as part of a name: itself where that is allowed, otherwise its allowed characters and a hash.</summary>
    private static string Segment(string id)
    {
        if (id.Length <= 80 && IsSegment(id))
            return id;
        var readable = new string([.. id.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        return $"{readable}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..16]}";
    }

    private static bool IsSegment(string segment) =>
        segment.Length > 0 && segment[0] != '.' && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
