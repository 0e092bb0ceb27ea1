using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Synthetic;

/// <summary>
/// Scenes of textured, overlapping shapes on textured backgrounds, with expressions that exactly one object satisfies and exact visible masks.
/// A scene follows from its parameters alone: any of them can be made without the ones before.
/// </summary>
/// <remarks>
/// Every decision is integer arithmetic (coordinates in 1/256 pixel, tilts with rational sine and cosine), so pixels, masks and texts
/// are the same bit for bit on every machine. Whatever changes them must raise <see cref="Version"/>.
/// </remarks>
public static class SyntheticScenes
{
    /// <summary>Version of the generator; part of <see cref="ContentHash"/>.</summary>
    public const int Version = 1;

    /// <summary>Expressions of a scene unless more or fewer are asked for.</summary>
    public const int ExpressionsPerScene = 3;

    /// <summary>Every scene has this many; fewer are always its first ones.</summary>
    public const int MostExpressions = 12;

    /// <summary>Least width and height, pixels.</summary>
    public const int LeastSide = 64;

    /// <summary>Greatest width and height, pixels.</summary>
    public const int GreatestSide = 4096;

    /// <summary>Expressions and masks without painting the picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size, the index, the split or the number of expressions is out of range; the message says which range.</exception>
    public static SceneDescription Describe(SyntheticScene scene, int expressions = ExpressionsPerScene) => Compose(scene, expressions).Description;

    /// <inheritdoc cref="Describe"/>
    /// <summary>The whole scene.</summary>
    public static Scene Render(SyntheticScene scene, int expressions = ExpressionsPerScene)
    {
        var (layout, description) = Compose(scene, expressions);
        return new Scene(scene.Width, scene.Height, ScenePainter.Paint(layout, scene.Split == SyntheticSplit.Textures, RandomStream.Of(scene, "paint")), description);
    }

    /// <summary>SHA-256 (lower-case hex) of the scene's parameters and the generator's version.</summary>
    public static string ContentHash(SyntheticScene scene)
    {
        Check(scene);
        var text = string.Create(CultureInfo.InvariantCulture, $"synthetic/{Version}/{scene.Seed}/{scene.Index}/{scene.Width}x{scene.Height}");
        if (scene.Split != SyntheticSplit.Heldout)
            text = $"{text}/{SyntheticSplits.Name(scene.Split)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static (SceneLayout Layout, SceneDescription Description) Compose(SyntheticScene scene, int expressions)
    {
        Check(scene);
        if (expressions is < 1 or > MostExpressions)
            throw new ArgumentOutOfRangeException(nameof(expressions), expressions, $"A scene has 1 to {MostExpressions} expressions.");
        var random = RandomStream.Of(scene, "layout");
        while (true)
        {
            if (SceneLayout.TryDraw(scene.Width, scene.Height, scene.Split == SyntheticSplit.Crowded, random) is not { } layout)
                continue;
            var objects = layout.See();
            var candidates = new ExpressionCandidates(objects, Math.Min(scene.Width, scene.Height));
            if (candidates.Count >= MostExpressions)
                return (layout, new SceneDescription(objects, candidates.Draw(expressions, RandomStream.Of(scene, "expressions"))));
        }
    }

    private static void Check(SyntheticScene scene)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentOutOfRangeException.ThrowIfNegative(scene.Index, nameof(scene));
        _ = SyntheticSplits.Name(scene.Split);
        foreach (var side in (ReadOnlySpan<int>)[scene.Width, scene.Height])
            if (side is < LeastSide or > GreatestSide)
                throw new ArgumentOutOfRangeException(nameof(scene), side, $"A scene's sides are {LeastSide} to {GreatestSide} pixels.");
    }
}
