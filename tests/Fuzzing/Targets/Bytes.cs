using System.Text;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Seeds and words written as text.</summary>
internal static class Bytes
{
    /// <summary>Words that mean something to every JSON reader.</summary>
    public static IReadOnlyList<string> JsonWords { get; } =
        ["{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "false", "-1", "1e999", "\"\"", "[]", "{}", "[[", "]]", "{\"a\":", "//", "\uFEFF", "\0", "\n", "NaN"];

    public static byte[][] Of(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Text whose characters are bytes.</summary>
    public static byte[][] OfLatin1(params IEnumerable<string> texts) => [.. texts.Select(Encoding.Latin1.GetBytes)];
}
