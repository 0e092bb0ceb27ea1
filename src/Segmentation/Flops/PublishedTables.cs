using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Flops;

/// <summary>The FLOPs tables of the papers beside our numbers, and schedules whose cost no paper prints.</summary>
public static class PublishedTables
{
    private static readonly ModelShape Llama7B = ModelProfiles.Find("llava-1.5-7b").Shape;
    private static readonly ModelShape Llama13B = ModelProfiles.Find("llava-1.5-13b").Shape;
    private static readonly ModelShape InternLm2 = ModelProfiles.Find("omg-llava-7b").Shape;

    public static FlopsTable FastV { get; } = new(
        "FastV (arXiv 2403.06764), GFLOPs of the mean layer",
        """
        36 system and 576 visual tokens; the user's text is not counted. R % of the visual tokens are dropped after K layers, and what is left is not
        rounded to whole tokens. All 13B rows agree. The pruned 7B rows are off by up to 0.4 G in both directions: they look derived from
        percentages that were rounded first. K = 0, R = 90 is far off (18.9 printed) and follows from no convention that we know of.
        """,
        [
            FastVBase("LLaVA-1.5-7B", Llama7B, "99.3"),
            .. FastVRows("LLaVA-1.5-7B", Llama7B, 2, "19.9", "32.8", "54.6"),
            .. FastVRows("LLaVA-1.5-7B", Llama7B, 3, "22.8", "34.8", "56.6"),
            .. FastVRows("LLaVA-1.5-7B", Llama7B, 5, "27.8", "39.7", "59.6"),
            .. FastVRows("LLaVA-1.5-7B", Llama7B, 0, "18.9", "28.8", "51.6"),
            FastVBase("LLaVA-1.5-13B", Llama13B, "154.6"),
            .. FastVRows("LLaVA-1.5-13B", Llama13B, 2, "29.7", "50.2", "84.6"),
            .. FastVRows("LLaVA-1.5-13B", Llama13B, 3, "33.0", "52.9", "86.4"),
            .. FastVRows("LLaVA-1.5-13B", Llama13B, 5, "39.6", "58.4", "90.1"),
        ]);

    public static FlopsTable PyramidDrop { get; } = new(
        "PyramidDrop (arXiv 2410.17247), TFLOPs",
        """
        Visual tokens only. With five stages the paper does not say after which layers it drops; of the two even splits of 32 layers one gives its digits.
        """,
        [
            Row("LLaVA-1.5-7B, all tokens", "3.82", (32, 576)),
            Row("LLaVA-1.5-7B, FastV K = 2, R = 50", "2.01", (2, 576), (30, 288)),
            Row("LLaVA-1.5-7B, PyramidDrop 8/16/24", "1.78", (8, 576), (8, 288), (8, 144), (8, 72)),
            Row("LLaVA-1.5-7B, Q-Former, 288 tokens", "1.89", (32, 288)),
            Row("LLaVA-1.5-7B, three stages, 10/20", "2.13", (10, 576), (10, 288), (12, 144)),
            Row("LLaVA-1.5-7B, five stages, 6/12/18/23", "1.38", (6, 576), (6, 288), (6, 144), (5, 72), (9, 36)),
            Row("LLaVA-1.5-7B, five stages, 6/12/18/24", "1.38", (6, 576), (6, 288), (6, 144), (6, 72), (8, 36)),
            Row("LLaVA-NeXT-7B, all tokens", "20.8", (32, 2880)),
            Row("LLaVA-NeXT-7B, FastV K = 2, R = 50", "10.6", (2, 2880), (30, 1440)),
            Row("LLaVA-NeXT-7B, PyramidDrop 8/16/24", "9.5", (8, 2880), (8, 1440), (8, 720), (8, 360)),
            Row("Video-LLaVA-7B, all tokens", "14.4", (32, 2048)),
            Row("Video-LLaVA-7B, FastV K = 2, R = 50", "7.4", (2, 2048), (30, 1024)),
            Row("Video-LLaVA-7B, PyramidDrop 8/16/24", "6.6", (8, 2048), (8, 1024), (8, 512), (8, 256)),
        ]);

    public static FlopsTable LiteLvlm { get; } = new(
        "LiteLVLM (arXiv 2605.13178), GLaMM, TFLOPs",
        """
        PyramidDrop's formula over the whole prompt: visual tokens and 124 of text, a number that we fitted to the first row since the paper gives none.
        LiteLVLM's own rows are 0.04 higher in print, which fits its text encoder. FastV's row is not reproduced: it would take K = 7 or so, and
        whether 192 is what is kept or the mean of the layers is not said.
        """,
        [
            Row("all tokens", "4.66", (32, 576 + 124)),
            Row("LiteLVLM, 192 tokens", "2.11", (32, 192 + 124)),
            Row("LiteLVLM, 64 tokens", "1.27", (32, 64 + 124)),
            Row("FastV, 192 tokens after K = 2", "2.65", (2, 576 + 124), (30, 192 + 124)),
            Row("FastV, 192 tokens after K = 3", "2.65", (3, 576 + 124), (29, 192 + 124)),
        ]);

    public static FlopsTable Constant { get; } = new(
        "The same number of visual tokens in every layer, TFLOPs",
        """
        For comparison with tables to come. InternLM2 (OMG-LLaVA) shares 8 key and value heads among 32 query heads, which we count as it is: n (2.5 d^2 + 3 d m)
        + 2 n^2 d. The last row is what the plain 4 n d^2 would give.
        """,
        [
            .. ((int[])[576, 288, 256, 192, 144, 128, 64, 58]).Select(tokens => Row($"7B, {tokens}", null, (32, tokens))),
            .. ((int[])[576, 256]).Select(tokens => Row($"13B, {tokens}", Llama13B, null, (40, tokens))),
            Row("13B, 256, PyramidDrop 10/20/30", Llama13B, null, (10, 256), (10, 128), (10, 64), (10, 32)),
            Row("InternLM2-7B, 256", InternLm2, null, (32, 256)),
            Row("InternLM2-7B, 256, plain formula", InternLm2 with { KeyValueHeads = InternLm2.Heads }, null, (32, 256)),
        ]);

    public static FlopsTable Tenth { get; } = new(
        "What \"90 % fewer visual tokens\" can mean, 7B with 576, TFLOPs",
        "ALTP (arXiv 2503.23959) compares methods at 90 % without saying in which layers, nor how PyramidDrop is set for it. The readings differ by a factor of almost five.",
        [
            Row("all 576", null, (32, 576)),
            Row("58 in every layer", null, (32, 58)),
            Row("58 from layer 2 on (FastV K = 2)", null, (2, 576), (30, 58)),
            Row("58 from layer 3 on", null, (3, 576), (29, 58)),
            Row("PyramidDrop 8/16/24, halving", null, (8, 576), (8, 288), (8, 144), (8, 72)),
            Row("PyramidDrop 2/4/8, halving", null, (2, 576), (2, 288), (4, 144), (24, 72)),
            Row("PyramidDrop 8/16/24 with 0.3, 0.15, 0.1", null, (8, 576), (8, 172), (8, 86), (8, 57)),
        ]);

    public static FlopsTable ThreeStages { get; } = new(
        "Few, all, fewest: three stages, 7B with 256, TFLOPs",
        """
        LVLM_CSP (arXiv 2504.10854) reports 65 and 70 % less without printing its schedule. So many layers on few representatives, on all tokens, and on the
        tokens that are left reach that; PyramidDrop and FastV for comparison.
        """,
        [
            Row("all 256", null, (32, 256)),
            Row("32 up to 16, all up to 24, 16", null, (16, 32), (8, 256), (8, 16)),
            Row("48 up to 16, all up to 24, 8", null, (16, 48), (8, 256), (8, 8)),
            Row("64 up to 16, all up to 24, 16", null, (16, 64), (8, 256), (8, 16)),
            Row("64 up to 14, all up to 20, 16", null, (14, 64), (6, 256), (12, 16)),
            Row("32 up to 8, all up to 16, 16", null, (8, 32), (8, 256), (16, 16)),
            Row("FastV K = 2, 64", null, (2, 256), (30, 64)),
            Row("FastV K = 2, 128", null, (2, 256), (30, 128)),
            Row("PyramidDrop 8/16/24", null, (8, 256), (8, 128), (8, 64), (8, 32)),
        ]);

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<FlopsTable> All { get; } = [FastV, PyramidDrop, LiteLvlm, Constant, Tenth, ThreeStages];

    private static FlopsFigure FastVBase(string name, ModelShape model, string published) =>
        new($"{name}, all tokens", model, FlopsConvention.FastV, [new Stage(model.Layers, 36 + 576)], published);

    private static IEnumerable<FlopsFigure> FastVRows(string name, ModelShape model, int layer, params string[] published) =>
        ((int[])[90, 75, 50]).Zip(published, (dropped, printed) =>
        {
            Stage[] stages = [new(layer, 36 + 576), new(model.Layers - layer, 36 + ((100 - dropped) * 5.76))];
            return new FlopsFigure($"{name}, K = {layer}, R = {dropped}", model, FlopsConvention.FastV, [.. stages.Where(stage => stage.Layers > 0)], printed);
        });

    private static FlopsFigure Row(string name, string? published, params (int Layers, double Tokens)[] stages) => Row(name, Llama7B, published, stages);

    private static FlopsFigure Row(string name, ModelShape model, string? published, params (int Layers, double Tokens)[] stages) =>
        new(name, model, FlopsConvention.PyramidDrop, [.. stages.Select(stage => new Stage(stage.Layers, stage.Tokens))], published);
}
