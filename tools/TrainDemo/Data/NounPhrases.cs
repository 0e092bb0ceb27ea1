using Pipeline.Contracts.Synthetic;

namespace Pipeline.TrainDemo.Data;

/// <summary>What the nouns of an expression say by their own adjectives: "the leftmost red circle above the ring" has the red circles and the rings.</summary>
internal static class NounPhrases
{
    private const string AnyShape = "object";

    /// <summary>The words that end a noun phrase.</summary>
    public static IReadOnlyList<string> Nouns { get; } = [AnyShape, .. Enum.GetNames<SceneShape>().Select(name => name.ToLowerInvariant())];

    /// <param name="expression">As the generator words it.</param>
    /// <param name="objects">Of the scene.</param>
    /// <returns>For each noun, in order, the indices of the objects that its phrase fits.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Matches(string expression, IReadOnlyList<SceneObject> objects)
    {
        var found = new List<IReadOnlyList<int>>();
        var fits = Enumerable.Range(0, objects.Count);
        foreach (var word in expression.Split(' '))
        {
            fits = Narrow(fits, objects, word);
            if (Nouns.Contains(word))
            {
                found.Add([.. fits]);
                fits = Enumerable.Range(0, objects.Count);
            }
        }

        return found;
    }

    private static IEnumerable<int> Narrow(IEnumerable<int> indices, IReadOnlyList<SceneObject> objects, string word)
    {
        if (Enum.TryParse<SceneSize>(word, ignoreCase: true, out var size))
            return indices.Where(index => objects[index].Size == size);
        if (Enum.TryParse<SceneTexture>(word, ignoreCase: true, out var texture))
            return indices.Where(index => objects[index].Texture == texture);
        if (Enum.TryParse<SceneColor>(word, ignoreCase: true, out var color))
            return indices.Where(index => objects[index].Color == color);
        return Enum.TryParse<SceneShape>(word, ignoreCase: true, out var shape) ? indices.Where(index => objects[index].Shape == shape) : indices;
    }
}
