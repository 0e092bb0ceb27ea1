namespace Pipeline.Cli.Synthesis;

/// <summary>The dataset formats that scenes are written in, one line each.</summary>
internal static class SceneLayouts
{
    public static IReadOnlyList<string> Formats { get; } = ["manifest", "reasonseg", "refcoco", "coco"];

    /// <returns>Kinds of image files the format may have, the usual one first.</returns>
    public static IReadOnlyList<string> ImagesOf(string format) => format switch
    {
        "manifest" => ["png", "jpeg"],
        "coco" => ["jpeg", "png"],
        _ => ["jpeg"],
    };

    /// <summary>Begins a dataset in a folder.</summary>
    public static ISceneLayout Open(string format, string folder) => format switch
    {
        "manifest" => new ManifestLayout(folder),
        "reasonseg" => new ReasonSegLayout(folder),
        "refcoco" => new ReferLayout(folder),
        "coco" => new CocoLayout(folder),
        _ => throw new ArgumentException($"Scenes are not written as {format}.", nameof(format)),
    };

    /// <returns>The target that <see cref="Open"/> would make.</returns>
    public static string TargetOf(string format, string folder) => format switch
    {
        "manifest" => ManifestLayout.TargetIn(folder),
        "reasonseg" => ReasonSegLayout.TargetIn(folder),
        "refcoco" => ReferLayout.TargetIn(folder),
        _ => CocoLayout.TargetIn(folder),
    };
}
