using System.Globalization;
using System.Text;

namespace Pipeline.Contracts.Text;

/// <summary>Text of others within a line of ours: nothing in it may end the line, hide what follows or steer a terminal.</summary>
public static class PlainLine
{
    /// <returns>The text with control characters, line separators and marks that turn the direction of writing as <c>\uXXXX</c>.</returns>
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (IsUnsafe(letter))
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                plain.Append(letter);
        }

        return plain.ToString();
    }

    private static bool IsUnsafe(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' || char.GetUnicodeCategory(letter) is UnicodeCategory.Format;
}
