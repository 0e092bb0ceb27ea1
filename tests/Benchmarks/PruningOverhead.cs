using Pipeline.Contracts.Jobs;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>What choosing tokens costs beside running a layer.</summary>
public sealed class PruningOverhead : IBenchmark
{
    private static readonly string[] Variants =
    [
        "random:keep=0.1", "uniform:keep=0.1", "fastv:keep=0.1", "fastv:keep=0.5", "pyramiddrop", "kcenter:keep=0.1", "kcenter:keep=0.5",
    ];

    public string Description => "each step of a method: its attention row and its choice, in percent of one decoder layer on all 616 tokens (width 1024, one sequence)";

    public void Run(BenchmarkSession session)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var decoder = new RandomDecoder(layers: 4, width: 1024, inner: 2752, heads: 16);
        var (embeddings, layout) = decoder.Prompts(1);
        var model = decoder.Model;
        var rotation = model.Rotary.At(arange(0, embeddings.shape[1], ScalarType.Int64, model.Device).unsqueeze(0));
        var mask = model.Mask.For((int)embeddings.shape[1], (int)embeddings.shape[1]);
        session.Measure("one decoder layer", () => Timed(() => model.Layers[0].Forward(embeddings, rotation, mask)));
        var layer = Milliseconds(session.Rows[^1]);
        var (query, key) = QueryAndKey();
        foreach (var variant in Variants)
        {
            var plan = PruningMethods.Create(VariantSpec.Parse(variant, new ModelCatalog(), decoder.Shape)).Plan(decoder.Shape);
            session.Measure(variant, () => Timed(() => plan[0].Select(Context(plan[0]))));
            session.Record($"{variant}: of a layer", "%", 100 * Milliseconds(session.Rows[^1]) / layer);
        }

        PruningContext Context(PruningStep step) => new()
        {
            Layer = step.BeforeLayer,
            Hidden = embeddings,
            Positions = arange(0, embeddings.shape[1], ScalarType.Int64, model.Device).unsqueeze(0),
            Layout = layout,
            Tokens = arange(0, layout.VisualTokens, ScalarType.Int64, model.Device).unsqueeze(0),
            VisualEmbeddings = embeddings.narrow(1, layout.VisualStart, layout.VisualTokens),
            Image = new ImageEvidence(1),
            AttentionRow = Row(step.Need),
        };

        // The layer just run has its queries and keys at hand; those of the next one are computed for the ranking alone.
        Tensor? Row(AttentionNeed? need) => need?.Source switch
        {
            null => null,
            AttentionSource.PreviousLayer => Attention.Row(query, key, layout.QueryRows(need.Row, layout.VisualTokens)),
            _ => model.Layers[0].AttentionRow(embeddings, rotation, layout.QueryRows(need.Row, layout.VisualTokens)),
        };

        (Tensor Query, Tensor Key) QueryAndKey()
        {
            (Tensor, Tensor)? seen = null;
            model.Layers[0].Forward(embeddings, rotation, mask, tap: (queries, keys) => seen = (queries.clone().MoveToOtherDisposeScope(scope), keys.clone().MoveToOtherDisposeScope(scope)));
            return seen!.Value;
        }

        void Timed(Action call)
        {
            using var inner = NewDisposeScope();
            call();
            decoder.Wait();
        }
    }

    /// <summary>The fastest sample: in slower ones the machine had something else to do.</summary>
    private static double Milliseconds(BenchmarkRow row) => row.Unit == "us" ? row.Minimum / 1000 : row.Minimum;
}
