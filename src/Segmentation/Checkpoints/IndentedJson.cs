using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>How the JSON files of a checkpoint are written.</summary>
internal static class IndentedJson
{
    public static JsonSerializerOptions Options { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
