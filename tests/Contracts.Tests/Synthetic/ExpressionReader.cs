namespace Pipeline.Contracts.Tests.Synthetic;

/// <summary>Reads an expression word by word and finds the objects that could be meant by it, as leniently as a margin allows.</summary>
internal static class ExpressionReader
{
    private static readonly string[] Relations = [" left of ", " right of ", " above ", " below "];

    /// <param name="text">The expression.</param>
    /// <param name="scene">All objects.</param>
    /// <param name="margin">Pixels by which places must differ to be told apart.</param>
    /// <returns>Indices of all objects that a reader might point at.</returns>
    public static int[] Meant(string text, IReadOnlyList<SeenObject> scene, double margin)
    {
        if (Array.Find(Relations, text.Contains) is { } relation)
        {
            var parts = text.Split(relation);
            var anchor = Described(Words(parts[1]), scene).ShouldHaveSingleItem($"'{parts[1]}' must name one object");
            return [.. Described(Words(parts[0]), scene).Where(thing => thing != anchor && Lead(relation.Trim(), thing, anchor) > -0.45 * margin).Select(thing => thing.Index)];
        }

        var words = Words(text);
        var (first, rest) = (words[0], Described(words[1..], scene));
        return [.. (first switch
        {
            "leftmost" => Near(rest, thing => -thing.X, margin),
            "rightmost" => Near(rest, thing => thing.X, margin),
            "topmost" => Near(rest, thing => -thing.Y, margin),
            "bottommost" => Near(rest, thing => thing.Y, margin),
            "largest" => Near(rest, thing => Math.Log(thing.Radius), Math.Log(1.27)).Union(Near(rest, thing => Math.Log(thing.Area), Math.Log(1.19))),
            "smallest" => Near(rest, thing => -Math.Log(thing.Radius), Math.Log(1.27)).Union(Near(rest, thing => -Math.Log(thing.Area), Math.Log(1.19))),
            _ => Described(words, scene),
        }).Select(thing => thing.Index)];
    }

    private static double Lead(string relation, SeenObject thing, SeenObject anchor) => relation switch
    {
        "left of" => anchor.X - thing.X,
        "right of" => thing.X - anchor.X,
        "above" => anchor.Y - thing.Y,
        _ => thing.Y - anchor.Y,
    };

    private static IEnumerable<SeenObject> Near(SeenObject[] things, Func<SeenObject, double> of, double margin) =>
        things.Where(thing => of(thing) > things.Max(of) - margin);

    private static SeenObject[] Described(string[] words, IReadOnlyList<SeenObject> scene) =>
        [.. scene.Where(thing => Array.TrueForAll(words, word => word == "object" || thing.Looks.Contains(word)))];

    private static string[] Words(string phrase)
    {
        phrase.ShouldStartWith("the ");
        return phrase[4..].Split(' ');
    }
}
