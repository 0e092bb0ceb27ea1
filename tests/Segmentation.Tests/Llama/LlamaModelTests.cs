using Pipeline.Segmentation.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Llama;

public sealed class LlamaModelTests : IDisposable
{
    private readonly GoldenLlama golden = new("llama_gqa");

    private LlamaModel Model => golden.Model;

    [Fact]
    public void A_sequence_fed_in_pieces_through_the_cache_gives_what_it_gives_at_once()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var cache = new KeyValueCache(Model.Layers.Count);
        var embeddings = Random(2, 90, seed: 1);
        var whole = Model.Forward(embeddings, Positions(0, 90));
        var pieces = new List<Tensor>();
        foreach (var (start, length) in new[] { (0, 7), (7, 1), (8, 80), (88, 2) })
            pieces.Add(Model.Forward(embeddings.narrow(1, start, length), Positions(start, start + length), cache: cache));
        Largest(cat([.. pieces], 1) - whole).ShouldBeLessThan(2e-5);
        cache.Lengths.ShouldAllBe(length => length == 90);
    }

    [Fact]
    public void Padding_on_either_side_leaves_the_real_tokens_alone()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var embeddings = Random(1, 20, seed: 2);
        var junk = Random(1, 5, seed: 3) * 100;
        var alone = Model.Forward(embeddings, Positions(0, 20));
        var right = Model.Forward(cat([embeddings, junk], 1), Positions(0, 25));
        var real = arange(0, 25, ScalarType.Int64).ge(5).unsqueeze(0);
        var left = Model.Forward(cat([junk, embeddings], 1), cat([Positions(0, 5), Positions(0, 20)], 1), real);
        Largest(right.narrow(1, 0, 20) - alone).ShouldBeLessThan(2e-5);
        Largest(left.narrow(1, 5, 20) - alone).ShouldBeLessThan(2e-5);
        left.isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_sequence_longer_than_the_mask_table_still_looks_back_only()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var embeddings = Random(1, 700, seed: 4);
        var whole = Model.Forward(embeddings, Positions(0, 700));
        var start = Model.Forward(embeddings.narrow(1, 0, 600), Positions(0, 600));
        Largest(whole.narrow(1, 0, 600) - start).ShouldBeLessThan(5e-5);
    }

    [Fact]
    public async Task A_mask_that_grows_for_one_thread_stays_whole_for_another()
    {
        for (var round = 0; round < 20; round++)
        {
            using var mask = new CausalMask(Model.Config, CPU, ScalarType.Float32);
            var growing = Task.Run(() => Array.ForEach([600, 1100], Ask), TestContext.Current.CancellationToken);
            while (!growing.IsCompleted)
                Ask(400);
            await growing;

            void Ask(int keys)
            {
                using var scope = NewDisposeScope();
                var last = mask.For(2, keys)!.select(1, 0)[0];
                last[keys - 2].item<float>().ShouldBe(0);
                last[keys - 1].item<float>().ShouldBeLessThan(-1e38f);
            }
        }
    }

    [Fact]
    public void Shifted_positions_change_nothing_but_gaps_do()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var embeddings = Random(1, 12, seed: 5);
        var plain = Model.Forward(embeddings, Positions(0, 12));
        var shifted = Model.Forward(embeddings, Positions(30, 42));
        var gap = Model.Forward(embeddings, cat([Positions(0, 6), Positions(40, 46)], 1));
        Largest(shifted - plain).ShouldBeLessThan(1e-4);
        Largest(gap - plain).ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Gradients_reach_the_embeddings_and_agree_with_finite_differences()
    {
        using var scope = NewDisposeScope();
        var embeddings = Random(1, 6, seed: 6).requires_grad_();
        using (var inner = NewDisposeScope()) Loss(embeddings).backward();
        var direction = Random(1, 6, seed: 7);
        var slope = (embeddings.grad!.detach() * direction).sum().item<float>();
        using var recording = no_grad();
        const double step = 1e-2;
        var ahead = Loss(embeddings.detach() + (direction * step)).item<float>();
        var behind = Loss(embeddings.detach() - (direction * step)).item<float>();
        var measured = (ahead - behind) / (2 * step);
        slope.ShouldNotBe(0);
        ((double)slope).ShouldBe(measured, Math.Abs(measured) * 0.02);

        Tensor Loss(Tensor x) => Model.Logits(Model.Forward(x, Positions(0, 6))).softmax(-1).square().sum();
    }

    [Fact]
    public void A_pass_leaves_no_tensor_behind()
    {
        using var recording = no_grad();
        using var embeddings = Random(1, 9, seed: 8);
        using var positions = Positions(0, 9);
        Model.Forward(embeddings, positions).Dispose();
        var before = GoldenLlama.LiveTensors;
        using (var cache = new KeyValueCache(Model.Layers.Count))
        using (var trace = new ForwardTrace())
            Model.Forward(embeddings, positions, cache: cache, trace: trace).Dispose();
        using (GreedyGeneration.Run(Model, embeddings, 4, null))
        {
        }

        GoldenLlama.LiveTensors.ShouldBe(before);
    }

    public void Dispose() => golden.Dispose();

    private Tensor Random(long batch, long length, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return randn([batch, length, Model.Config.HiddenSize], generator: generator);
    }

    private static Tensor Positions(long start, long end) => arange(start, end, ScalarType.Int64).unsqueeze(0);

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();
}
