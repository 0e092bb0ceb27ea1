namespace Pipeline.Orchestrator.Results;

/// <summary>Colours and shapes of the methods. A method is told from another by both, so that colour is never needed.</summary>
/// <remarks>Paul Tol's "vibrant" scheme, safe for colour-blind readers; on dark paper its dark tones are raised.</remarks>
internal static class Palette
{
    public static IReadOnlyList<string> Light { get; } = ["#0077bb", "#ee7733", "#009988", "#cc3311", "#33bbee", "#ee3377", "#777777"];

    public static IReadOnlyList<string> Dark { get; } = ["#4aa8e8", "#ee7733", "#1fbfab", "#f0563a", "#7fd8ff", "#ff6ba0", "#bbbbbb"];

    /// <summary>Vega's names and our outlines about the origin, of about equal area.</summary>
    public static IReadOnlyList<(string Name, string Path)> Shapes { get; } =
    [
        ("circle", "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"),
        ("square", "M-4 -4h8v8h-8z"),
        ("triangle-up", "M0 -5.6L5.2 3.8H-5.2z"),
        ("diamond", "M0 -5.8L5.8 0L0 5.8L-5.8 0z"),
        ("triangle-down", "M0 5.6L5.2 -3.8H-5.2z"),
        ("cross", "M-1.9 -5.4h3.8v3.5h3.5v3.8h-3.5v3.5h-3.8v-3.5h-3.5v-3.8h3.5z"),
        ("triangle-right", "M5.6 0L-3.8 5.2V-5.2z"),
    ];

    public static int Colour(int method) => method % Light.Count;

    /// <summary>Methods that share a colour differ in shape.</summary>
    public static int Shape(int method) => (method + (method / Light.Count)) % Shapes.Count;
}
