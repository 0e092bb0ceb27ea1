using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>The decoder against transformers 4.31: one pass with everything inside it, padded batches, kept positions, generation.</summary>
internal sealed class LlamaGroup(string name) : IGoldenGroup
{
    private const double Tolerance = 1e-4;
    private const double AttentionTolerance = 1e-5;

    public string Name => name;

    public void Verify(GoldenFolder golden)
    {
        using var config = ConfigFile.Open(golden.File("config.json"));
        using var model = new LlamaModel(golden.Weights().Weights, LlamaConfig.Read(config));
        OnePass(golden, model);
        RightPadded(golden, model);
        LeftPadded(golden, model);
        KeptPositions(golden, model);
        Generated(golden, model);
        GeneratedToTheEnd(golden, model);
    }

    private static void OnePass(GoldenFolder golden, LlamaModel model)
    {
        var hidden = golden.Series("hidden_states.*");
        var attentions = golden.Series("attentions.*");
        var keys = golden.Series("past_key.*");
        var values = golden.Series("past_value.*");
        string[] names = [.. new[] { hidden, attentions, keys, values }.SelectMany(series => series.Select(entry => entry.Name)), "last_layer_out_prenorm", "logits"];
        golden.Guard(names, () =>
        {
            using var trace = new ForwardTrace();
            using var cache = new KeyValueCache(model.Layers.Count);
            var embeddings = golden.Input("inputs_embeds");
            var last = model.Forward(embeddings, Positions(embeddings.shape[1], model), cache: cache, trace: trace);
            foreach (var (tensor, numbers) in hidden)
                golden.Compare(tensor, Tolerance, () => numbers[0] == model.Layers.Count ? last : trace.HiddenStates[numbers[0]]);
            golden.Compare("last_layer_out_prenorm", Tolerance, () => trace.HiddenStates[^1]);
            foreach (var (tensor, numbers) in attentions)
                golden.Compare(tensor, AttentionTolerance, () => trace.Attentions[numbers[0]]);
            golden.Compare("logits", Tolerance, () => model.Logits(last));
            foreach (var (tensor, numbers) in keys) golden.Compare(tensor, Tolerance, () => cache[numbers[0]].Keys);
            foreach (var (tensor, numbers) in values) golden.Compare(tensor, Tolerance, () => cache[numbers[0]].Values);
        });
    }

    private static void RightPadded(GoldenFolder golden, LlamaModel model) => golden.Guard(["batch.logits"], () =>
    {
        var ids = golden.Input("batch.input_ids");
        var real = golden.Input("batch.attention_mask");
        var hidden = model.Forward(model.Embed(ids), Positions(ids.shape[1], model));
        golden.Compare("batch.logits", Tolerance, () => Real(model.Logits(hidden), real), expected => Real(expected, real.cpu()));
    });

    private static void LeftPadded(GoldenFolder golden, LlamaModel model) => golden.Guard(["leftpad.logits"], () =>
    {
        var real = golden.Input("leftpad.attention_mask");
        var hidden = model.Forward(model.Embed(golden.Input("leftpad.input_ids")), golden.Input("leftpad.position_ids"), real);
        golden.Compare("leftpad.logits", Tolerance, () => Real(model.Logits(hidden), real), expected => Real(expected, real.cpu()));
    });

    private static void KeptPositions(GoldenFolder golden, LlamaModel model) => golden.Guard(["pruned.logits"], () =>
    {
        var keep = golden.Input("pruned.keep");
        var hidden = model.Forward(golden.Input("inputs_embeds").index_select(1, keep), keep.unsqueeze(0));
        golden.Compare("pruned.logits", Tolerance, () => model.Logits(hidden));
    });

    private static void Generated(GoldenFolder golden, LlamaModel model) => golden.Guard(["gen.sequences", "gen.scores"], () =>
    {
        var prompt = golden.Input("input_ids");
        var expected = golden.Expected().Weights.Get("gen.sequences", 1, -1);
        using var generation = Continue(model, prompt, expected, null);
        golden.Decide("gen.sequences", () => Sequence(prompt, generation));
        // Behind the first other token the scores belong to another text.
        var said = generation.Tokens.Zip(expected.data<long>().Skip((int)prompt.shape[1]));
        var same = Math.Min(generation.Tokens.Count, 1 + said.TakeWhile(pair => pair.First == pair.Second).Count());
        golden.Compare("gen.scores", Tolerance, () => generation.Logits.narrow(0, 0, same), scores => scores.narrow(0, 0, same));
    });

    private static void GeneratedToTheEnd(GoldenFolder golden, LlamaModel model) => golden.Guard(["gen_eos.sequences"], () =>
    {
        var prompt = golden.Input("input_ids");
        var expected = golden.Expected().Weights.Get("gen.sequences", 1, -1);
        var end = (int)golden.Expected().Weights.Get("gen_eos.eos_token_id", 1).item<long>();
        using var generation = Continue(model, prompt, expected, end);
        golden.Decide("gen_eos.sequences", () => Sequence(prompt, generation));
    });

    private static Generation Continue(LlamaModel model, Tensor prompt, Tensor longest, int? end) =>
        GreedyGeneration.Run(model, model.Embed(prompt), (int)(longest.shape[1] - prompt.shape[1]), end);

    private static Tensor Sequence(Tensor prompt, Generation generation)
    {
        long[] tokens = [.. generation.Tokens];
        return cat([prompt.cpu(), tensor(tokens, [1, tokens.Length])], 1);
    }

    private static Tensor Real(Tensor values, Tensor real) => values.masked_fill(real.logical_not().unsqueeze(-1), 0);

    private static Tensor Positions(long length, LlamaModel model) => arange(0, length, ScalarType.Int64, model.Device).unsqueeze(0);
}
