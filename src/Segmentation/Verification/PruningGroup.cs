using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>FastV and PyramidDrop against their authors' code, through the executor that jobs run through.</summary>
internal sealed class PruningGroup : IGoldenGroup
{
    internal const double LogitTolerance = 2e-4;
    internal const double HiddenTolerance = 1e-4;
    private const double AttentionTolerance = 1e-5;
    private const double ScoreTolerance = 1e-6;
    internal static readonly ImageEvidence NoImage = new(0);

    public string Name => "pruning";

    public void Verify(GoldenFolder golden)
    {
        using var config = ConfigFile.Open(golden.File("config.json"));
        using var parameters = ConfigFile.Open(golden.File("params.json"));
        using var model = new LlamaModel(golden.Weights().Weights, LlamaConfig.Read(config));
        var embeddings = golden.Input("inputs_embeds");
        var length = (int)embeddings.shape[1];
        var layout = new SequenceLayout(
            parameters.Positive("sys_length"), parameters.Positive("image_tokens"), [new SequenceRow(length, length - 1, [])]);
        Full(golden, model, embeddings, layout);
        foreach (var (tensor, numbers) in golden.Series("fastv.K*.drop.keep"))
            FastVAt(numbers[0], parameters.Positive("fastv_rank"), golden, model, embeddings, layout);
        PyramidDropCase.Verify(golden, parameters, model, embeddings);
    }

    private static void Full(GoldenFolder golden, LlamaModel model, Tensor embeddings, SequenceLayout layout)
    {
        var attentions = golden.Series("full.attentions.*");
        golden.Guard([.. attentions.Select(entry => entry.Name), "full.logits", "full.last_hidden"], () =>
        {
            using var trace = new ForwardTrace();
            model.Forward(embeddings, arange(0, embeddings.shape[1], ScalarType.Int64, model.Device).unsqueeze(0), trace: trace);
            foreach (var (tensor, numbers) in attentions)
                golden.Compare(tensor, AttentionTolerance, () => trace.Attentions[numbers[0]]);
            using var result = PruningExecutor.Run(model, embeddings, layout, new NoPruning().Plan(Shape(model, layout)), NoImage);
            golden.Compare("full.logits", LogitTolerance, () => model.Logits(result.Hidden));
            golden.Compare("full.last_hidden", HiddenTolerance, () => result.Hidden);
        });
    }

    private static void FastVAt(int layer, int rank, GoldenFolder golden, LlamaModel model, Tensor embeddings, SequenceLayout layout)
    {
        var prefix = $"fastv.K{layer}.";
        string[] tensors = ["scores", "drop.keep", "mask.keep", "drop.logits", "drop.last_hidden", "mask.logits", "mask.last_hidden"];
        golden.Guard(tensors.Select(tensor => prefix + tensor), () =>
        {
            var options = new FastVOptions { Layer = layer, Count = rank, QueryRow = QueryRow.Last };
            // With a budget of all tokens there is nothing to decide, and still something to score.
            var step = new FastV(options).Plan(Shape(model, layout)).SingleOrDefault()
                ?? new PruningStep(layer, rank, new AttentionNeed(AttentionSource.PreviousLayer, QueryRow.Last), context => new VisualSelection(context.Tokens));
            Tensor? scores = null;
            var watched = step with
            {
                Select = context =>
                {
                    scores = AttentionRanking.Score(context).squeeze(0).DetachFromDisposeScope();
                    return step.Select(context);
                },
            };
            using var decided = PruningExecutor.Run(model, embeddings, layout, [watched], NoImage);
            using (scores) golden.Compare(prefix + "scores", ScoreTolerance, () => scores!);
            // Positions stay, so those of the tokens left are their indices.
            var keep = decided.Positions.squeeze(0);
            golden.Decide(prefix + "drop.keep", () => keep);
            golden.Decide(prefix + "mask.keep", () => keep);

            // The rest is about the tokens upstream kept, also where a smaller type decided otherwise.
            var kept = golden.Input(prefix + "drop.keep");
            var tokens = (kept.narrow(0, layout.VisualStart, rank) - layout.VisualStart).unsqueeze(0);
            var forced = step with { Need = null, Select = _ => new VisualSelection(tokens) };
            using var result = PruningExecutor.Run(model, embeddings, layout, [golden.Dtype == ScalarType.Float32 ? step : forced], NoImage);
            golden.Compare(prefix + "drop.logits", LogitTolerance, () => model.Logits(result.Hidden));
            golden.Compare(prefix + "drop.last_hidden", HiddenTolerance, () => result.Hidden);
            golden.Compare(prefix + "mask.logits", LogitTolerance, () => model.Logits(result.Hidden), Rows);
            golden.Compare(prefix + "mask.last_hidden", HiddenTolerance, () => result.Hidden, Rows);

            Tensor Rows(Tensor expected) => expected.index_select(1, kept.cpu());
        });
    }

    internal static ModelShape Shape(LlamaModel model, SequenceLayout layout) => new()
    {
        Architecture = "llama",
        Layers = model.Layers.Count,
        HiddenSize = model.Config.HiddenSize,
        IntermediateSize = model.Config.IntermediateSize,
        Heads = model.Config.Heads,
        KeyValueHeads = model.Config.KeyValueHeads,
        VocabularySize = model.VocabularySize,
        GridHeight = 1,
        GridWidth = layout.VisualTokens,
    };
}
