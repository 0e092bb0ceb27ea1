using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaGradientTests(TrainableLisa lisa) : IClassFixture<TrainableLisa>
{
    private const string Masks = "model.visual_model.";

    // The last layer of the tower lies behind the features; the rest serves other prompts, or several masks and their quality.
    private static readonly string[] Idle =
    [
        "vision_model.encoder.layers.2.", "vision_model.post_layernorm.", $"{Masks}prompt_encoder.pe_layer.", $"{Masks}prompt_encoder.point_embeddings.",
        $"{Masks}prompt_encoder.not_a_point_embed.", $"{Masks}prompt_encoder.mask_downscaling.", $"{Masks}mask_decoder.iou_prediction_head.",
        $"{Masks}mask_decoder.output_hypernetworks_mlps.1.", $"{Masks}mask_decoder.output_hypernetworks_mlps.2.", $"{Masks}mask_decoder.output_hypernetworks_mlps.3.",
    ];

    [Fact]
    public void Every_weight_that_a_mask_depends_on_gets_a_gradient()
    {
        using var scope = NewDisposeScope();

        foreach (var ((name, _), gradient) in lisa.Weights.Zip(lisa.Gradients(seed: 1)))
        {
            if (Idle.Any(idle => name.StartsWith(idle, StringComparison.Ordinal)))
            {
                gradient.ShouldBeNull(name);
                continue;
            }

            gradient.ShouldNotBeNull(name);
            gradient.isfinite().all().item<bool>().ShouldBeTrue(name);
            // A softmax does not see what all its keys have in common.
            if (!name.EndsWith("k_proj.bias", StringComparison.Ordinal))
                gradient.abs().max().item<float>().ShouldBeGreaterThan(1e-9f, name);
        }
    }

    [Theory]
    [InlineData("vision_model.")]
    [InlineData("model.mm_projector.")]
    [InlineData("model.layers.")]
    [InlineData("model.embed_tokens.")]
    [InlineData("lm_head.")]
    [InlineData("model.text_hidden_fcs.")]
    [InlineData($"{Masks}image_encoder.")]
    [InlineData($"{Masks}prompt_encoder.no_mask_embed.")]
    [InlineData($"{Masks}mask_decoder.")]
    [InlineData($"{Masks}mask_decoder.mask_tokens.")]
    public void A_step_along_a_direction_changes_the_loss_as_the_gradient_says(string part)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(5, CPU);
        var moved = lisa.Weights.Zip(lisa.Gradients(seed: 1)).Where(pair => pair.First.Key.StartsWith(part, StringComparison.Ordinal) && pair.Second is not null)
            .Select(pair => (Weight: pair.First.Value, Gradient: pair.Second!, Direction: Unit(pair.Second!) + Unit(randn(pair.Second!.shape, generator: generator)))).ToList();
        using var recording = no_grad();
        var slope = moved.Sum(one => (one.Gradient * one.Direction).sum().item<float>());
        // Long enough for float32, short enough for the loss to be straight.
        var step = 4e-3 / slope;

        var measured = (At(step) - At(-step)) / (2 * step);

        measured.ShouldBe(slope, Math.Abs(slope) * 0.03, part);

        double At(double distance)
        {
            Move(distance);
            using var loss = lisa.Loss(seed: 1);
            Move(-distance);
            return loss.item<float>();
        }

        void Move(double distance) => moved.ForEach(one => one.Weight.add_(one.Direction, distance));

        static Tensor Unit(Tensor tensor) => tensor / (tensor.norm() + 1e-12);
    }

    [Fact]
    public void Two_threads_that_differentiate_at_once_get_what_each_gets_alone()
    {
        using var scope = NewDisposeScope();
        int[] seeds = [1, 2];
        var alone = seeds.Select(lisa.Gradients).ToList();
        var together = new IReadOnlyList<Tensor?>[seeds.Length];
        using var start = new Barrier(seeds.Length);

        Thread[] threads = [.. seeds.Select((seed, i) => new Thread(() =>
        {
            start.SignalAndWait();
            for (var round = 0; round < 3; round++)
                together[i] = lisa.Gradients(seed);
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        foreach (var (wanted, got) in alone.Zip(together).SelectMany(pair => pair.First.Zip(pair.Second)))
        {
            (got is null).ShouldBe(wanted is null);
            if (wanted is not null)
                (got! - wanted).abs().max().item<float>().ShouldBeLessThanOrEqualTo(1e-6f * Math.Max(1, wanted.abs().max().item<float>()));
        }
    }
}
