using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class PrunedDecodingTests : IDisposable
{
    private static readonly ImageEvidence Image = new(7);
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    private LlamaModel Model => golden.Model;

    [Fact]
    public void Several_stages_with_dense_positions_decode_as_PyramidDrop_does()
    {
        using var scope = NewDisposeScope();
        using var expected = Checkpoint.Open(Path.Combine(GoldenLlama.GoldenSet, "pruning", "io.safetensors"), CPU, ScalarType.Float32);
        using var parameters = ConfigFile.Open(Path.Combine(GoldenLlama.GoldenSet, "pruning", "params.json"));
        var weights = expected.Weights;
        var embeddings = weights.Get("inputs_embeds");
        var length = (int)embeddings.shape[1];
        var (start, visual) = (parameters.Positive("sys_length"), parameters.Positive("image_tokens"));
        var layout = new SequenceLayout(start, visual, [new SequenceRow(length, length - 1, [])]);
        var options = new PyramidDropOptions { Boundaries = parameters.Integers("pdrop_layer_list", []), Ratios = [.. parameters.Numbers("pdrop_ratios").Skip(1)] };
        var plan = new PyramidDrop(options).Plan(golden.Shape(visual));

        using var cache = new KeyValueCache(Model.Layers.Count);
        using var prefill = PruningExecutor.Run(Model, embeddings, layout, plan, Image, cache);
        Largest(prefill.Hidden - weights.Get("pdrop.last_hidden")).ShouldBeLessThan(1e-4);
        Largest(Model.Logits(prefill.Hidden) - weights.Get("pdrop.logits")).ShouldBeLessThan(2e-4);
        Values(prefill.Positions).ShouldBe(Values(weights.Get("pdrop.stage1.position_ids")));

        var decoding = new PrunedDecoding(Model, prefill, cache);
        var (tokens, logits, lengths) = (weights.Get("pdrop.decode.tokens"), weights.Get("pdrop.decode.logits"), weights.Get("pdrop.decode.kv_lengths"));
        var last = prefill.Hidden.narrow(1, prefill.Hidden.shape[1] - 1, 1);
        for (var step = 0; step < tokens.shape[0]; step++)
        {
            var scores = Model.Logits(last).view(-1);
            Largest(scores - logits[step]).ShouldBeLessThan(3e-4);
            var token = scores.argmax(-1).view(1, 1);
            token.item<long>().ShouldBe(tokens[step].item<long>());
            cache.Lengths.Select(count => (long)count).ShouldBe(Values(lengths[step]));
            last = decoding.Step(Model.Embed(token));
        }
    }

    [Theory]
    [InlineData(PositionMode.Original)]
    [InlineData(PositionMode.Dense)]
    public void A_padded_batch_decodes_as_its_sequences_do_alone(PositionMode mode)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, 21, sequences: 3);
        var plan = new FastV(new FastVOptions { Layer = 2, Count = 2, Positions = mode }).Plan(golden.Shape(batch.Layout.VisualTokens));
        var next = randn([3, 4, Model.Config.HiddenSize]);
        var together = Decode(batch, plan, next);
        for (var row = 0; row < 3; row++)
        {
            using var single = batch.Alone(row);
            Largest(Decode(single, plan, next.narrow(0, row, 1)) - together.narrow(0, row, 1)).ShouldBeLessThan(2e-5);
        }
    }

    [Fact]
    public void Without_pruning_decoding_is_the_whole_sequence_at_once()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, 22, sequences: 1);
        var next = randn([1, 5, Model.Config.HiddenSize]);
        var whole = cat([batch.Embeddings, next], 1);
        var expected = Model.Forward(whole, arange(0, whole.shape[1], ScalarType.Int64).unsqueeze(0));
        Largest(Decode(batch, [], next) - expected.narrow(1, batch.Embeddings.shape[1], 5)).ShouldBeLessThan(2e-5);
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    private Tensor Decode(Batch batch, IReadOnlyList<PruningStep> plan, Tensor next)
    {
        using var cache = new KeyValueCache(Model.Layers.Count);
        using var prefill = PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, plan, Image, cache);
        var decoding = new PrunedDecoding(Model, prefill, cache);
        return cat([.. Enumerable.Range(0, (int)next.shape[1]).Select(step => decoding.Step(next.narrow(1, step, 1)))], 1);
    }

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();

    private static long[] Values(Tensor tensor) => tensor.contiguous().data<long>().ToArray();
}
