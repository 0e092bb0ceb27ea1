using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Sam;
using Pipeline.Segmentation.Tests.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Sam;

public sealed class SamModelTests : IDisposable
{
    private readonly Checkpoint checkpoint = Checkpoint.Open(Path.Combine(GoldenFile.Root, "sam", "model.safetensors"), CPU, ScalarType.Float32);
    private readonly Checkpoint expected = Checkpoint.Open(Path.Combine(GoldenFile.Root, "sam", "io.safetensors"), CPU, ScalarType.Float32);
    private readonly SamModel sam;

    public SamModelTests()
    {
        using var config = ConfigFile.Open(Path.Combine(GoldenFile.Root, "sam", "config.json"));
        sam = new SamModel(checkpoint.Weights, SamConfig.Read(checkpoint.Weights, config));
    }

    public void Dispose()
    {
        checkpoint.Dispose();
        expected.Dispose();
    }

    [Fact]
    public void Every_size_but_the_decoders_heads_follows_from_the_weights()
    {
        var deduced = SamConfig.Read(checkpoint.Weights, given: null);

        deduced.ImageSize.ShouldBe(128);
        deduced.PatchSize.ShouldBe(16);
        deduced.EncoderHeads.ShouldBe(4);
        deduced.Window.ShouldBe(3);
        deduced.GlobalBlocks.ShouldBe([1, 3]);
        deduced.DecoderHeads.ShouldBe(8);
    }

    [Fact]
    public void No_prompt_gives_no_mask_and_no_error()
    {
        using var scope = NewDisposeScope();
        var image = expected.Weights.Get("image_embeddings").narrow(0, 0, 1);

        sam.Segment(image, zeros([0, 32]), (128, 100), (64, 50)).shape.ShouldBe([0, 64, 50]);
        var (sparse, dense) = sam.PromptEncoder.Forward(new Prompts { TextEmbeddings = zeros([0, 1, 32]) });
        var (masks, quality) = sam.MaskDecoder.Forward(image, sam.PromptEncoder.DensePositions, sparse, dense);
        masks.shape.ShouldBe([0, 1, 32, 32]);
        quality.shape.ShouldBe([0, 1]);
    }

    [Fact]
    public void Prompts_in_one_batch_give_what_each_gives_alone()
    {
        using var scope = NewDisposeScope();
        var image = expected.Weights.Get("image_embeddings").narrow(0, 0, 1);
        var text = expected.Weights.Get("text_embeds").squeeze(1);

        var together = sam.Segment(image, text, (128, 100), (64, 50));

        for (var i = 0; i < text.shape[0]; i++)
        {
            var alone = sam.Segment(image, text.narrow(0, i, 1), (128, 100), (64, 50));
            (together.narrow(0, i, 1) - alone).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        }
    }

    [Fact]
    public void Nothing_lives_on_after_a_forward_but_its_results()
    {
        using var outer = NewDisposeScope();
        var input = expected.Weights.Get("image").narrow(0, 0, 1);
        var text = expected.Weights.Get("text_embeds").squeeze(1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var embedding = sam.ImageEncoder.Forward(input))
        using (sam.Segment(embedding, text, (128, 100), (64, 50)))
            (DisposeScopeManager.Statistics.ThreadTotalLiveCount - before).ShouldBe(2);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }
}
