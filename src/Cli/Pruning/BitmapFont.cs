namespace Pipeline.Cli.Pruning;

/// <summary>A font of 5 x 7 pixels, some letters one lower, for printable ASCII. Whatever else a text holds becomes a box.</summary>
internal static class BitmapFont
{
    /// <summary>From one letter to the next, pixels.</summary>
    public const int Advance = 6;

    /// <summary>From one line to the next, pixels.</summary>
    public const int LineHeight = 10;

    private const int Rows = 7;
    private const int Columns = 5;
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const string Box = "vhhhhhv";

    /// <summary>They hang below the line by one pixel.</summary>
    private const string Hanging = "gpqy";

    // A letter is seven digits of base 32, one a row from the top; the highest of a digit's five bits is the left pixel.
    private const string Letters =
        "0000000" + "4444404" + "aaa0000" + "aavavaa" + "4fke5u4" + "op248j3" + "cik8lid" + "4480000" + "2488842" + "8422248" + "04lel40" + "044v440" +
        "0000c48" + "000v000" + "00000cc" + "01248g0" + "ehjlphe" + "4c4444e" + "eh1248v" + "v2421he" + "26aiv22" + "vgu11he" + "68guhhe" + "v124888" +
        "ehhehhe" + "ehhf12c" + "0cc0cc0" + "0cc0c48" + "248g842" + "00v0v00" + "8421248" + "eh12404" + "eh1dlle" + "ehhvhhh" + "uhhuhhu" + "ehggghe" +
        "sihhhis" + "vgguggv" + "vgguggg" + "ehgnhhf" + "hhhvhhh" + "e44444e" + "72222ic" + "hikokih" + "ggggggv" + "hrllhhh" + "hhpljhh" + "ehhhhhe" +
        "uhhuggg" + "ehhhlid" + "uhhukih" + "fgge11u" + "v444444" + "hhhhhhe" + "hhhhha4" + "hhhllla" + "hha4ahh" + "hhha444" + "v1248gv" + "e88888e" +
        "0g84210" + "e22222e" + "4ah0000" + "000000v" + "8420000" + "00e1fhf" + "ggmphhu" + "00egghe" + "11djhhf" + "00ehvge" + "698s888" + "0fhhf1e" +
        "ggmphhh" + "40c444e" + "20622ic" + "ggikoki" + "c44444e" + "00qllhh" + "00mphhh" + "00ehhhe" + "0uhhugg" + "0fhhf11" + "00mpggg" + "00ege1u" +
        "88s8896" + "00hhhjd" + "00hhha4" + "00hhlla" + "00ha4ah" + "0hhhf1e" + "00v248v" + "2448442" + "4444444" + "8442448" + "008l200";

    /// <returns>Pixels that a letter sets, from its upper left corner.</returns>
    public static IEnumerable<(int X, int Y)> Pixels(char letter)
    {
        var rows = letter is >= ' ' and <= '~' ? Letters.Substring((letter - ' ') * Rows, Rows) : Box;
        var drop = Hanging.Contains(letter, StringComparison.Ordinal) ? 1 : 0;
        return
            from y in Enumerable.Range(0, Rows)
            from x in Enumerable.Range(0, Columns)
            where ((Digits.IndexOf(rows[y], StringComparison.Ordinal) >> (Columns - 1 - x)) & 1) == 1
            select (x, y + drop);
    }

    /// <summary>Breaks a text at its spaces, and inside a word only where the word alone is too long.</summary>
    /// <param name="text">Of one paragraph.</param>
    /// <param name="letters">Most letters of a line, at least 1.</param>
    public static IReadOnlyList<string> Wrap(string text, int letters)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' ').SelectMany(word => word.Chunk(letters)).Select(chunk => new string(chunk)))
        {
            if (lines[^1].Length == 0)
                lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= letters)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        }

        return lines;
    }
}
