using System.Text;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Checkpoints whose <c>config.json</c> is wrong.</summary>
internal static class BadConfigurations
{
    private const string Tower = "clip-vit-tiny/config.json";

    public static IReadOnlyList<BadCase> All { get; } =
    [
        Of("is missing", bench => bench.Checkpoint(("config.json", null)), "config.json"),
        Of("is empty", bench => Content(bench, ""), "config.json: not valid JSON"),
        Of("is an error page", bench => Content(bench, "<html>404</html>"), "config.json: not valid JSON"),
        Of("is a list", bench => Content(bench, "[]"), "config.json: expected a JSON object"),
        Of("is not UTF-8", bench => bench.CheckpointWith("config.json", "clip-vit-tiny", "clip\u00ffvit"), "config.json: not valid JSON: A text is not valid UTF-8."),
        Of("is another model's", bench => Content(bench, """{"architectures":["BertModel"],"hidden_size":768}"""), "this is no LISA checkpoint; its config.json has a field train_mask_decoder"),
        Of("has no vision tower", bench => Content(bench, """{"train_mask_decoder":true}"""), "field 'vision_tower' is missing; expected the folder of the CLIP vision tower"),
        Of("has a vision tower that is nowhere", bench => bench.CheckpointWith("config.json", "clip-vit-tiny", "openai/clip"), "vision_tower 'openai/clip' was not found; looked for its config.json in "),
        Of("has text for a number", bench => Edited(bench, "hidden_size", "\"96\""), "field 'hidden_size' is \"96\"; expected a whole number above 0"),
        Of("has a size of nothing", bench => Edited(bench, "num_hidden_layers", "0"), "field 'num_hidden_layers' is 0; expected a whole number above 0"),
        Of("has a size beyond all", bench => Edited(bench, "intermediate_size", "99999999999"), "field 'intermediate_size' is 99999999999; expected a whole number above 0"),
        Of("has heads that do not divide", bench => Edited(bench, "num_attention_heads", "7"), "hidden_size 96 does not split into 7 heads of even size"),
        Of("has key heads that do not divide", bench => Edited(bench, "num_key_value_heads", "3"), "num_attention_heads 4 is no multiple of num_key_value_heads 3"),
        Of("scales its positions", bench => Edited(bench, "rope_scaling", """{"type":"linear","factor":2}"""), "rope_scaling is not supported; expected null"),
        Of("has another activation", bench => Edited(bench, "hidden_act", "\"gelu\""), "hidden_act 'gelu' is not supported; expected 'silu'"),
        Of("has a template that is none", bench => Edited(bench, "conversation", "\"vicuna\""), "conversation 'vicuna' is not known; expected llava_v1"),
        Of("takes another feature", bench => Edited(bench, "mm_vision_select_feature", "\"cls_patch\""), "mm_vision_select_feature 'cls_patch' is not supported; expected patch"),
        Of("of the tower is damaged", bench => bench.Checkpoint((Tower, "{"u8.ToArray())), "clip-vit-tiny/config.json: not valid JSON"),
        Of("of the tower has an activation that is none", bench => bench.CheckpointWith(Tower, "quick_gelu", "slow_gelu"), "hidden_act 'slow_gelu' is not known; expected quick_gelu or gelu"),
        Of("of the tower has no patches", bench => bench.CheckpointWith(Tower, "\"patch_size\": 14", "\"patch_size\": 0"), "field 'patch_size' is 0; expected a whole number above 0"),
        Of("of the tower has patches larger than its image", bench => bench.CheckpointWith(Tower, "\"patch_size\": 14", "\"patch_size\": 448"), "patch_size 448", "image_size 224"),
        Loaded("has a billion layers", bench => Edited(bench, "num_hidden_layers", "1000000000"), "num_hidden_layers"),
        Loaded("has more layers than its weights", bench => Edited(bench, "num_hidden_layers", "5"), "tensors are missing: model.layers.4."),
        Loaded("takes a layer that the tower has not", bench => Edited(bench, "mm_vision_select_layer", "-9"), "mm_vision_select_layer -9 is no layer's output in a vision tower of 3 layers"),
        Loaded("of the tower has heads that do not divide", bench => bench.CheckpointWith(Tower, "\"num_attention_heads\": 4", "\"num_attention_heads\": 5"), "num_attention_heads"),
    ];

    private static string Content(Workshop bench, string json) => bench.Checkpoint(("config.json", Encoding.UTF8.GetBytes(json)));

    /// <summary>With a field that stands before all others of its name.</summary>
    private static string Edited(Workshop bench, string field, string value)
    {
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(Path.Combine(bench.Model, "config.json")))!;
        config[field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        return Content(bench, config.ToJsonString());
    }

    private static BadCase Of(string name, Func<Workshop, string> checkpoint, params string[] words) =>
        new($"configuration: {name}", bench => $"validate {bench.Job(model: $"{{ checkpoint: {checkpoint(bench)} }}")}", ["model.checkpoint", .. words]);

    /// <summary>Of no consequence until the model is loaded.</summary>
    private static BadCase Loaded(string name, Func<Workshop, string> checkpoint, params string[] words) =>
        new($"configuration: {name}", bench => $"prune {bench.Image} --model {checkpoint(bench)} --text ring --variants none --out {bench.Folder()}/sheet.png", words);
}
