using System.Globalization;
using System.Text;

namespace Pipeline.Contracts.Pickle;

/// <summary>The texts of protocol 0, which are written as Python would print them.</summary>
internal static class PickleText
{
    /// <summary>A quoted Python 2 string: <c>'it\'s'</c>.</summary>
    /// <returns>Null where it is none.</returns>
    public static string? Quoted(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \r"u8);
        if (line is not [(byte)'\'' or (byte)'"', .., var end] || line.Length < 2 || end != line[0])
            return null;
        var inner = line[1..^1];
        var bytes = new byte[inner.Length];
        var length = 0;
        for (var i = 0; i < inner.Length;)
        {
            if (inner[i] != '\\')
            {
                bytes[length++] = inner[i++];
                continue;
            }

            if (Escape(inner[i..]) is not { } escape)
                return null;
            bytes[length++] = escape.Value;
            i += escape.Length;
        }

        return PickleBytes.OldText(bytes.AsSpan(0, length));
    }

    /// <summary>Latin-1 with <c>\uXXXX</c> and <c>\UXXXXXXXX</c> for the rest.</summary>
    /// <returns>Null where an escape is none.</returns>
    public static string? RawUnicode(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length;)
        {
            if (line[i] != '\\' || i + 1 == line.Length || line[i + 1] is not ((byte)'u' or (byte)'U'))
            {
                text.Append((char)line[i++]);
                continue;
            }

            var digits = line[i + 1] == 'u' ? 4 : 8;
            if (i + 2 + digits > line.Length || !uint.TryParse(line.Slice(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x10FFFF)
                return null;
            if (code < 0x10000)
                text.Append((char)code);
            else
                text.Append(char.ConvertFromUtf32((int)code));
            i += 2 + digits;
        }

        return text.ToString();
    }

    private static (byte Value, int Length)? Escape(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
            return null;
        switch ((char)text[1])
        {
            case '\\' or '\'' or '"':
                return (text[1], 2);
            case 'n':
                return ((byte)'\n', 2);
            case 'r':
                return ((byte)'\r', 2);
            case 't':
                return ((byte)'\t', 2);
            case 'x' when text.Length >= 4 && byte.TryParse(text.Slice(2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value):
                return (value, 4);
            default:
                return null;
        }
    }
}
