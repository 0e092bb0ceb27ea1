using static TorchSharp.torch;

namespace Pipeline.LibTorch.Tests;

public sealed class RandomTests : TensorTests
{
    [Fact]
    public void Equal_seeds_give_equal_numbers_and_generators_do_not_disturb_each_other()
    {
        using var first = new Generator(5);
        using var second = new Generator(5);
        var x = randn([10], generator: first);
        _ = rand(3);
        x.Equals(randn([10], generator: second)).ShouldBeTrue();
        x.Equals(randn([10], generator: second)).ShouldBeFalse();
        first.initial_seed().ShouldBe(5);
    }

    [Fact]
    public void A_generators_state_can_be_kept_and_put_back()
    {
        using var generator = new Generator(1);
        var state = generator.get_state();
        var x = rand([4], generator: generator);
        generator.set_state(state);
        x.Equals(rand([4], generator: generator)).ShouldBeTrue();
        generator.manual_seed(1);
        x.Equals(rand([4], generator: generator)).ShouldBeTrue();
    }

    [Fact]
    public void Whole_numbers_stay_in_their_range()
    {
        using var generator = new Generator(2);
        var x = randint(3, 6, [1000L], generator: generator);
        x.dtype.ShouldBe(int64);
        x.min().item<long>().ShouldBe(3);
        x.max().item<long>().ShouldBe(5);
        Longs(randperm(5, generator: generator).sort().Values).ShouldBe([0, 1, 2, 3, 4]);
        var uniform = empty(1000).uniform_(-2, -1, generator);
        uniform.max().item<float>().ShouldBeLessThan(-1);
        empty(1000).normal_(100, 0.1, generator).mean().item<float>().ShouldBe(100, 0.1f);
    }

    [Fact]
    public void Ranges_and_grids_have_both_their_ends_right()
    {
        Longs(arange(3)).ShouldBe([0, 1, 2]);
        Longs(arange(2, 8, 3)).ShouldBe([2, 5]);
        arange(0.0, 1.0, 0.25).dtype.ShouldBe(float32);
        Floats(linspace(0, 1, 3)).ShouldBe([0, 0.5f, 1]);
        Floats(eye(2)).ShouldBe([1, 0, 0, 1]);
        Floats(full([2], 1.5f, float16)).ShouldBe([1.5f, 1.5f]);
        full([2], 3).dtype.ShouldBe(int64);
        zeros(2, 3, 4).shape.ShouldBe([2, 3, 4]);
        ones(5, dtype: int32, requires_grad: false).dtype.ShouldBe(int32);
    }
}
