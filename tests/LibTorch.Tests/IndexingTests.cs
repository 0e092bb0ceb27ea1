using static TorchSharp.torch;

namespace Pipeline.LibTorch.Tests;

public sealed class IndexingTests : TensorTests
{
    private readonly Tensor x = arange(24, dtype: float32).view(2, 3, 4);

    [Fact]
    public void Places_count_from_the_end_when_negative()
    {
        x[1, 2, 3].item<float>().ShouldBe(23);
        x[-1, -3].shape.ShouldBe([4]);
        Floats(x[0, ^1]).ShouldBe([8, 9, 10, 11]);
        Should.Throw<Exception>(() => x[2]);
    }

    [Fact]
    public void Slices_follow_Python()
    {
        x[1.., ..2, 1..^1].shape.ShouldBe([1, 2, 2]);
        Floats(x[0, 0, TensorIndex.Slice(0, null, 2)]).ShouldBe([0, 2]);
        x[TensorIndex.Ellipsis, TensorIndex.Single(0)].shape.ShouldBe([2, 3]);
        x[TensorIndex.Ellipsis, TensorIndex.None, ..1].shape.ShouldBe([2, 3, 1, 1]);
        x[TensorIndex.Colon, 1].shape.ShouldBe([2, 4]);
        x[.., 1..5].shape.ShouldBe([2, 2, 4]);
    }

    [Fact]
    public void Tensors_of_places_and_masks_select()
    {
        Floats(x[tensor(new[] { 1L, 0L }), tensor(new[] { 2L, 0L })][0]).ShouldBe([20, 21, 22, 23]);
        x[x > 20].shape.ShouldBe([3]);
        x[TensorIndex.Ellipsis, TensorIndex.Tensor(tensor(new[] { 3L, 3L, 0L }))].shape.ShouldBe([2, 3, 3]);
        x[1, TensorIndex.Tensor(tensor(new[] { true, false, true }))].shape.ShouldBe([2, 4]);
    }

    [Fact]
    public void A_slice_after_a_mask_of_several_dimensions_means_the_dimension_after_it()
    {
        var mask = tensor(new bool[,] { { true, false, false }, { false, false, true } });
        Floats(x[TensorIndex.Tensor(mask), 2..]).ShouldBe([2, 3, 22, 23]);
    }

    [Fact]
    public void Assignment_writes_through_views_and_converts_the_value()
    {
        x[0] = tensor(7L);
        x[1, ..2, TensorIndex.Single(0)] = tensor(new[] { -1f, -2f });
        x[1, 2] = zeros(1, 1, 4);
        Floats(x).ShouldBe([7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, -1, 13, 14, 15, -2, 17, 18, 19, 0, 0, 0, 0]);
    }

    [Fact]
    public void Assignment_under_a_mask_or_at_places_changes_only_those()
    {
        x[x > 5] = 0f;
        x.sum().item<float>().ShouldBe(15);
        x[1, TensorIndex.Tensor(tensor(new[] { 0L, 2L }))] = ones(4);
        x.sum().item<float>().ShouldBe(23);
        var counts = zeros(3);
        counts.index_put_(ones(4), [tensor(new[] { 0L, 0L, 2L, 0L })], accumulate: true);
        Floats(counts).ShouldBe([3, 0, 1]);
    }

    [Fact]
    public void Too_many_indices_are_refused_with_the_tensors_shape() =>
        Should.Throw<ArgumentException>(() => x[.., .., .., 0]).Message.ShouldContain("[2, 3, 4]");
}
