namespace Pipeline.Contracts.Synthetic;

/// <summary>All unambiguous expressions of a scene, found by trying every description on every object.</summary>
/// <remarks>
/// What decides must decide clearly. Positions are visible centroids and differ by a sixteenth of the picture's shorter side; sizes differ by
/// 1.28 in radius and by 1.2 in visible area, the same way. A related target lies within about 53 degrees of the named direction, while every
/// other object of its description lies clearly on the other side, so that a strict and a lenient reader agree.
/// </remarks>
internal sealed class ExpressionCandidates
{
    private const int LeastRadiusPercent = 128;
    private const int LeastAreaPercent = 120;

    private static readonly int[] KindWeights = [5, 1, 2, 4];

    private readonly IReadOnlyList<SceneObject> objects;
    private readonly int margin;

    /// <summary>Per kind and target, in <see cref="SceneExpressionKind"/>'s order.</summary>
    private readonly List<ExpressionCandidate>[][] found;

    public ExpressionCandidates(IReadOnlyList<SceneObject> objects, int shorterSide)
    {
        this.objects = objects;
        margin = 16 * shorterSide;
        found = [.. KindWeights.Select(_ => objects.Select(_ => new List<ExpressionCandidate>()).ToArray())];
        for (var target = 0; target < objects.Count; target++)
            for (var terms = Terms.None; terms <= Terms.All; terms++)
                Find(target, terms, Matching(target, terms));
    }

    /// <summary>Expressions that the scene offers, relations that name more than they need left out.</summary>
    public int Count => found.Sum(targets => targets.Sum(list => list.Count));

    /// <param name="count">At most <see cref="Count"/>; the first ones do not depend on it.</param>
    /// <param name="random">Decides kind, target and words.</param>
    public IReadOnlyList<SceneExpression> Draw(int count, RandomStream random)
    {
        var drawn = new List<SceneExpression>(count);
        while (drawn.Count < count)
        {
            var kind = random.Weighted([.. KindWeights.Select((weight, kind) => found[kind].Any(list => list.Count > 0) ? weight : 0)]);
            var lists = found[kind].Where(list => list.Count > 0).ToArray();
            var list = lists[random.Below(lists.Length)];
            var at = random.Below(list.Count);
            var candidate = list[at];
            list.RemoveAt(at);
            drawn.Add(new SceneExpression(candidate.Text(objects), candidate.Kind, candidate.Target, objects[candidate.Target].Mask));
        }

        return drawn;
    }

    private void Find(int target, Terms terms, int[] matching)
    {
        if (matching.Length == 1)
            Add(new ExpressionCandidate(SceneExpressionKind.Attribute, target, terms));
        else
            FindAmong(target, terms, [.. matching.Where(other => other != target)]);
    }

    /// <summary>Expressions for which the description alone does not suffice.</summary>
    private void FindAmong(int target, Terms terms, int[] others)
    {
        if (!terms.HasFlag(Terms.Size))
            foreach (var largest in (ReadOnlySpan<bool>)[false, true])
                if (Array.TrueForAll(others, other => largest ? IsLarger(target, other) : IsLarger(other, target)))
                    Add(new ExpressionCandidate(SceneExpressionKind.Size, target, terms, Largest: largest));
        for (var direction = SceneDirection.Left; direction <= SceneDirection.Down; direction++)
        {
            if (Array.TrueForAll(others, other => IsFarther(target, other, direction)))
                Add(new ExpressionCandidate(SceneExpressionKind.Superlative, target, terms, direction));
            for (var anchor = 0; anchor < objects.Count; anchor++)
                if (anchor != target && IsClearly(target, anchor, direction) && Array.TrueForAll(others, other => other == anchor || Lead(anchor, other, direction) >= margin / 2))
                    FindAnchors(target, terms, direction, anchor);
        }
    }

    private void FindAnchors(int target, Terms terms, SceneDirection direction, int anchor)
    {
        for (var anchorTerms = Terms.Size; anchorTerms <= Terms.All; anchorTerms++)
            if (Matching(anchor, anchorTerms).Length == 1)
                Add(new ExpressionCandidate(SceneExpressionKind.Relation, target, terms, direction, Anchor: anchor, AnchorTerms: anchorTerms));
    }

    private void Add(ExpressionCandidate candidate) => found[(int)candidate.Kind][candidate.Target].Add(candidate);

    private int[] Matching(int target, Terms terms)
    {
        var wanted = objects[target];
        return [.. Enumerable.Range(0, objects.Count).Where(index => objects[index] is var thing
            && (!terms.HasFlag(Terms.Size) || thing.Size == wanted.Size)
            && (!terms.HasFlag(Terms.Texture) || thing.Texture == wanted.Texture)
            && (!terms.HasFlag(Terms.Color) || thing.Color == wanted.Color)
            && (!terms.HasFlag(Terms.Shape) || thing.Shape == wanted.Shape))];
    }

    private bool IsLarger(int index, int other)
    {
        SceneObject first = objects[index], second = objects[other];
        return first.Radius * 100L >= second.Radius * (long)LeastRadiusPercent && first.Area * 100L >= second.Area * (long)LeastAreaPercent;
    }

    /// <summary>By the centroid with the margin, and by the edge too.</summary>
    private bool IsFarther(int index, int other, SceneDirection direction) =>
        Lead(index, other, direction) >= margin && Edge(objects[index], direction) > Edge(objects[other], direction);

    private bool IsClearly(int index, int anchor, SceneDirection direction)
    {
        var lead = Lead(index, anchor, direction);
        var aside = direction <= SceneDirection.Right ? objects[index].CentroidY - objects[anchor].CentroidY : objects[index].CentroidX - objects[anchor].CentroidX;
        return lead >= margin && 4 * lead >= 3 * Math.Abs(aside);
    }

    /// <summary>How much farther in a direction an object is than another, in 1/256 pixel.</summary>
    private long Lead(int index, int other, SceneDirection direction) => direction switch
    {
        SceneDirection.Left => objects[other].CentroidX - objects[index].CentroidX,
        SceneDirection.Right => objects[index].CentroidX - objects[other].CentroidX,
        SceneDirection.Up => objects[other].CentroidY - objects[index].CentroidY,
        _ => objects[index].CentroidY - objects[other].CentroidY,
    };

    private static int Edge(SceneObject thing, SceneDirection direction) => direction switch
    {
        SceneDirection.Left => -thing.Bounds.X,
        SceneDirection.Right => thing.Bounds.X + thing.Bounds.Width,
        SceneDirection.Up => -thing.Bounds.Y,
        _ => thing.Bounds.Y + thing.Bounds.Height,
    };
}
