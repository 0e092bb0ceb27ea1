using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pipeline.LibTorch.Tests;

public sealed class FunctionalTests : TensorTests
{
    [Fact]
    public void Layer_norm_gives_mean_zero_and_variance_one()
    {
        var y = functional.layer_norm(tensor(new float[,] { { 1, 3 }, { 10, 14 } }), [2]);
        Floats(y).ShouldBe([-1, 1, -1, 1], 1e-4);
        functional.group_norm(ones(1, 4, 2), 2).abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void Convolution_and_its_transpose_sum_what_the_kernel_covers()
    {
        Floats(functional.conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2))).ShouldBe([4, 4, 4, 4]);
        functional.conv2d(ones(1, 2, 4, 4), ones(3, 2, 2, 2), strides: [2, 2], padding: [1, 1]).shape.ShouldBe([1, 3, 3, 3]);
        Floats(functional.conv_transpose2d(ones(1, 1, 1, 2), ones(1, 1, 1, 2), strides: [1, 2])).ShouldBe([1, 1, 1, 1]);
    }

    [Fact]
    public void Interpolation_weighs_neighbours_by_distance()
    {
        var x = tensor(new[] { 0f, 1f }, [1, 1, 2]);
        Floats(functional.interpolate(x, [4], mode: InterpolationMode.Linear)).ShouldBe([0, 0.25f, 0.75f, 1]);
        Floats(functional.interpolate(x, [3], mode: InterpolationMode.Linear, align_corners: true)).ShouldBe([0, 0.5f, 1]);
        Floats(functional.interpolate(x, scale_factor: [2])).ShouldBe([0, 0, 1, 1]);
        var square = tensor(new[] { 0f, 1f, 2f, 3f }, [1, 1, 2, 2]);
        Floats(functional.interpolate(square, [1, 1], mode: InterpolationMode.Bilinear)).ShouldBe([1.5f]);
        functional.interpolate(square, scale_factor: [2, 3], mode: InterpolationMode.Bicubic).shape.ShouldBe([1, 1, 4, 6]);
        Should.Throw<ArgumentException>(() => functional.interpolate(x, [4], mode: InterpolationMode.Bilinear)).Message.ShouldContain("[1, 1, 2]");
        Should.Throw<ArgumentException>(() => functional.interpolate(x));
        Should.Throw<ArgumentException>(() => functional.interpolate(x, [4], align_corners: true));
    }

    [Fact]
    public void Padding_starts_at_the_last_dimension()
    {
        functional.pad(ones(2, 3), [1, 2]).shape.ShouldBe([2, 6]);
        functional.pad(ones(2, 3), (0, 0, 1, 0), value: 7).sum().item<float>().ShouldBe(27);
        Floats(functional.pad(tensor(new[] { 1f, 2f, 3f }, [1, 3]), [1, 1], PaddingModes.Reflect)).ShouldBe([2, 1, 2, 3, 2]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Attention_is_a_weighted_mean_of_the_values_it_may_see(bool causal, bool boolean)
    {
        using var generator = new Generator(11);
        var (query, key, value) = (randn([2, 3, 4], generator: generator), randn([2, 3, 4], generator: generator), randn([2, 3, 4], generator: generator));
        var allowed = causal || boolean ? ones([3, 3], ScalarType.Bool).tril() : ones([3, 3], ScalarType.Bool);
        var scores = (query.matmul(key.mT) / 2).masked_fill(~allowed, double.NegativeInfinity);
        var found = functional.scaled_dot_product_attention(query, key, value, boolean ? allowed : null, is_casual: causal);
        allclose(found, scores.softmax(-1).matmul(value), 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void Attention_adds_a_mask_of_numbers()
    {
        var zero = zeros(1, 2, 2);
        var mask = tensor(new float[,] { { 0, -1e9f }, { -1e9f, 0 } });
        var values = tensor(new float[,] { { 1, 2 }, { 3, 4 } }).unsqueeze(0);
        Floats(functional.scaled_dot_product_attention(zero, zero, values, mask)).ShouldBe([1, 2, 3, 4]);
        Should.Throw<ArgumentException>(() => functional.scaled_dot_product_attention(zero, zero, values, mask, is_casual: true));
    }

    [Fact]
    public void Activations_have_their_textbook_values()
    {
        var x = tensor(new[] { -1f, 0f, 2f });
        Floats(functional.relu(x)).ShouldBe([0, 0, 2]);
        Floats(functional.gelu(x)).ShouldBe([-0.15865526f, 0, 1.9544997f], 1e-6);
        Floats(functional.silu(x)).ShouldBe([-0.26894143f, 0, 1.7615942f], 1e-6);
        Floats(x.sigmoid()).ShouldBe([0.26894143f, 0.5f, 0.880797f], 1e-6);
        x.softmax(0).sum().item<float>().ShouldBe(1, 1e-6f);
        allclose(x.log_softmax(0), x.softmax(0).log(), 1e-5, 1e-6).ShouldBeTrue();
        Floats(functional.normalize(tensor(new float[,] { { 3, 4 } }))).ShouldBe([0.6f, 0.8f], 1e-6);
    }

    [Fact]
    public void Losses_reduce_as_asked()
    {
        var logits = zeros(2, 3);
        functional.cross_entropy(logits, tensor(new[] { 0L, 2L })).item<float>().ShouldBe(MathF.Log(3), 1e-6f);
        functional.binary_cross_entropy_with_logits(logits, ones(2, 3), reduction: Reduction.Sum).item<float>().ShouldBe(6 * MathF.Log(2), 1e-5f);
        functional.mse_loss(logits, ones(2, 3), Reduction.None).shape.ShouldBe([2, 3]);
    }

    [Fact]
    public void A_grid_sample_of_the_centres_is_the_image()
    {
        var image = tensor(new[] { 0f, 1f, 2f, 3f }, [1, 1, 2, 2]);
        var grid = tensor(new[] { -0.5f, -0.5f, 0.5f, -0.5f, -0.5f, 0.5f, 0.5f, 0.5f }, [1, 2, 2, 2]);
        Floats(functional.grid_sample(image, grid, align_corners: false)).ShouldBe([0, 1, 2, 3]);
        Floats(functional.grid_sample(image, grid * 9, GridSampleMode.Nearest, GridSamplePaddingMode.Border)).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void Dropout_does_nothing_unless_training()
    {
        functional.dropout(ones(100), 0.5, training: false).sum().item<float>().ShouldBe(100);
        functional.dropout(ones(100), 1).sum().item<float>().ShouldBe(0);
    }
}
