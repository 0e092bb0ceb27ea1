namespace Pipeline.Orchestrator.Results;

/// <summary>The part of a made page that people write, between two marks, and that outlives making the page again.</summary>
public static class HandwrittenNotes
{
    public const string Opening = "<!-- notes -->";
    public const string Closing = "<!-- /notes -->";

    /// <summary>What stands between the marks of a page, line breaks and all.</summary>
    /// <exception cref="InvalidDataException">The page has no such part, or more than one: writing it anew would lose text.</exception>
    public static string In(string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (page.Split(Opening) is [_, var after] && after.Split(Closing) is [var notes, _] && page.Split(Closing).Length == 2)
            return notes;
        throw new InvalidDataException($"it has no single part between {Opening} and {Closing}, so that making it anew would lose what stands there; add the marks or delete the page");
    }
}
