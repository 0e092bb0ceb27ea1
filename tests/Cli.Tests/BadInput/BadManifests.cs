namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Datasets whose manifest is wrong.</summary>
internal static class BadManifests
{
    private const string Good = """{"id":"0","image":"good.png","expressions":[{"text":"the ring"}]}""";

    /// <summary>Content of each, and what is said of it.</summary>
    public static IReadOnlyList<(string Name, string Content, string Reason)> All { get; } =
    [
        ("is empty", "\n\n", "manifest.jsonl holds no sample; expected one JSON object a line"),
        ("is no JSON", $"{Good}\nid,image,text\n", "manifest.jsonl:2: not a JSON object on one line"),
        ("is cut", $"{Good}\n{Good[..20]}", "manifest.jsonl:2: not a JSON object on one line"),
        ("has half a character", $$"""{"id":"\ud83d","image":"a.png","expressions":[{"text":"x"}]}""", "manifest.jsonl:1: not a JSON object on one line: A text has half a character"),
        ("is nested without end", new string('[', 100_000), "manifest.jsonl:1: not a JSON object on one line"),
        ("has a sample without an id", """{"image":"a.png","expressions":[{"text":"x"}]}""", "manifest.jsonl:1 id: is missing; expected text"),
        ("has an id twice", $"{Good}\n{Good}", "manifest.jsonl:2 id: '0' is already on line 1; every sample needs an id of its own"),
        ("has a field misspelt", """{"id":"1","imge":"a.png","expressions":[{"text":"x"}]}""", "manifest.jsonl:1: 'imge' is not known here; did you mean 'image'?"),
        ("has no expressions", """{"id":"1","image":"a.png","expressions":[]}""", "manifest.jsonl:1 expressions: expected a list of at least one expression, found an empty list"),
        ("has an expression without text", """{"id":"1","image":"a.png","expressions":[{"text":" "}]}""", "manifest.jsonl:1 expressions[0].text: is empty; expected text"),
        ("has an expression without end", $$"""{"id":"1","image":"a.png","expressions":[{"text":"{{new string('x', 5000)}}"}]}""", "manifest.jsonl:1 expressions[0].text: has 5000 characters; use at most 4096"),
        ("has an address for an image", """{"id":"1","image":"http://169.254.169.254/latest/meta-data","expressions":[{"text":"x"}]}""", "manifest.jsonl:1 image: 'http://169.254.169.254/latest/meta-data' is an address"),
        ("has a mask of no size", """{"id":"1","image":"a.png","expressions":[{"text":"x","mask":{"counts":[1]}}]}""", "manifest.jsonl:1 expressions[0].mask.size: expected [height, width]"),
        ("has a mask that does not add up", """{"id":"1","image":"a.png","expressions":[{"text":"x","mask":{"size":[4,4],"counts":[1,2]}}]}""", "manifest.jsonl:1 expressions[0].mask.counts: The counts cover 3 pixels; a 4x4 mask has 16."),
    ];
}
