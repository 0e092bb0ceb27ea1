using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>What choosing tokens costs beside running a layer.</summary>
public sealed class PruningOverhead : IBenchmark
{
    private const int Side = 336;

    private static readonly string[] Variants =
    [
        "random:keep=0.1", "uniform:keep=0.1", "fastv:keep=0.1", "fastv:keep=0.5", "pyramiddrop", "kcenter:keep=0.1", "kcenter:keep=0.5",
        "altp:keep=0.1", "altp:keep=0.5", "altp:keep=0.1,density=variance", "lvlm-csp", "lvlm-csp:selector=superpixel,nearest=cosine",
    ];

    public string Description => "each step of a method: its attention row, its superpixels and its choice, in percent of one decoder layer on all 616 tokens (width 1024, one sequence)";

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
        var scene = SyntheticScenes.Render(new SyntheticScene(Seed: 7, Index: 0, Side, Side));
        var view = new RgbImage(scene.Width, scene.Height, scene.Rgb);
        foreach (var variant in Variants)
        {
            var present = layout.VisualTokens;
            foreach (var step in PruningMethods.Create(VariantSpec.Parse(variant, new ModelCatalog(), decoder.Shape)).Plan(decoder.Shape))
            {
                var tokens = present;
                session.Measure($"{variant}, before layer {step.BeforeLayer}", () => Timed(() => step.Select(Context(step, tokens))));
                session.Record($"{variant}, before layer {step.BeforeLayer}: of a layer", "%", 100 * Milliseconds(session.Rows[^1]) / layer);
                present = step.VisualTokens;
            }
        }

        // A new image every time: one that is known has its superpixels already.
        PruningContext Context(PruningStep step, int present)
        {
            var hidden = embeddings.narrow(1, 0, embeddings.shape[1] - layout.VisualTokens + present);
            var positions = arange(0, hidden.shape[1], ScalarType.Int64, model.Device).unsqueeze(0);
            return new()
            {
                Layer = step.BeforeLayer,
                Hidden = hidden,
                Positions = positions,
                Layout = layout,
                Tokens = arange(0, present, ScalarType.Int64, model.Device).unsqueeze(0),
                VisualEmbeddings = embeddings.narrow(1, layout.VisualStart, layout.VisualTokens),
                Image = new ImageEvidence(1) { View = view },
                AttentionRow = Row(step.Need, hidden, positions, present),
            };
        }

        // The layer just run has its queries and keys at hand; those of the next one are computed for the ranking alone.
        Tensor? Row(AttentionNeed? need, Tensor hidden, Tensor positions, int present) => need?.Source switch
        {
            null => null,
            AttentionSource.PreviousLayer => Attention.Row(query, key, layout.QueryRows(need.Row, present)),
            _ => model.Layers[0].AttentionRow(hidden, model.Rotary.At(positions), layout.QueryRows(need.Row, present)),
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
