using System.Text.Json;
using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Text;

internal static class GoldenTokenizer
{
    public static string Folder { get; } = Path.Combine(GoldenFile.Root, "tokenizer");

    public static LlamaTokenizer Plain { get; } = LlamaTokenizer.Load(Folder);

    public static LlamaTokenizer Lisa { get; } = Plain.WithTokens(PromptTokens.Lisa);

    public static LlamaTokenizer Glamm { get; } = Plain.WithTokens(["<im_start>", "<im_end>", "<bbox>", "<point>", "[SEG]", "<p>", "</p>"]);

    public static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;

    public static int[] Ids(this JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    public static string Text(this JsonElement owner, string key) => owner.GetProperty(key).GetString()!;
}
