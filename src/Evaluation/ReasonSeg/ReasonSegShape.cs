using System.Text.Json.Serialization;

namespace Pipeline.Evaluation.ReasonSeg;

/// <summary>A polygon of a ReasonSeg annotation. In JSON as in its files, <c>{"label":"target","points":[[x,y],...]}</c>.</summary>
/// <param name="Label"><c>target</c>; whatever holds <c>ignore</c> counts for nothing; <c>flag</c> is left out. Case does not matter.</param>
/// <param name="Points">x and y in pixels; the fraction is cut off.</param>
[JsonConverter(typeof(ReasonSegShapeJsonConverter))]
public sealed record ReasonSegShape(string Label, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Says something of the picture and covers nothing of it.</summary>
    public bool IsFlag => Label.Equals("flag", StringComparison.OrdinalIgnoreCase);

    internal byte Value => Label.Contains("ignore", StringComparison.OrdinalIgnoreCase) ? (byte)255 : (byte)1;
}
