namespace Pipeline.Contracts.Synthetic;

/// <summary>An expression before it is words.</summary>
/// <param name="Kind">Says which of the other values matter.</param>
/// <param name="Target">Index of the object.</param>
/// <param name="Terms">How the target is described.</param>
/// <param name="Direction">For a superlative or a relation.</param>
/// <param name="Largest">For a size: largest or smallest.</param>
/// <param name="Anchor">For a relation: index of the other object.</param>
/// <param name="AnchorTerms">For a relation: how the other object is described.</param>
internal readonly record struct ExpressionCandidate(
    SceneExpressionKind Kind,
    int Target,
    Terms Terms,
    SceneDirection Direction = default,
    bool Largest = false,
    int Anchor = 0,
    Terms AnchorTerms = default)
{
    private static readonly string[] Superlatives = ["leftmost", "rightmost", "topmost", "bottommost"];
    private static readonly string[] Relations = ["left of", "right of", "above", "below"];

    public string Text(IReadOnlyList<SceneObject> objects)
    {
        var target = Words(objects[Target], Terms);
        return Kind switch
        {
            SceneExpressionKind.Attribute => $"the {target}",
            SceneExpressionKind.Size => $"the {(Largest ? "largest" : "smallest")} {target}",
            SceneExpressionKind.Superlative => $"the {Superlatives[(int)Direction]} {target}",
            _ => $"the {target} {Relations[(int)Direction]} the {Words(objects[Anchor], AnchorTerms)}",
        };
    }

    private static string Words(SceneObject thing, Terms terms)
    {
        var words = new List<string>(4);
        if (terms.HasFlag(Terms.Size))
            words.Add(Names<SceneSize>.Of(thing.Size));
        if (terms.HasFlag(Terms.Texture))
            words.Add(Names<SceneTexture>.Of(thing.Texture));
        if (terms.HasFlag(Terms.Color))
            words.Add(Names<SceneColor>.Of(thing.Color));
        words.Add(terms.HasFlag(Terms.Shape) ? Names<SceneShape>.Of(thing.Shape) : "object");
        return string.Join(' ', words);
    }

    private static class Names<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Words = Enum.GetValues<T>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());

        public static string Of(T value) => Words[value];
    }
}
