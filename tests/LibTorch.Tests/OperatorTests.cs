using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pipeline.LibTorch.Tests;

public sealed class OperatorTests : TensorTests
{
    [Fact]
    public void Numbers_from_dotnet_meet_numbers_from_tensors_in_every_order()
    {
        var x = tensor(new[] { 1f, 2f, 4f });
        Floats(x + 1).ShouldBe([2, 3, 5]);
        Floats(10 - x).ShouldBe([9, 8, 6]);
        Floats(x - 1.5).ShouldBe([-0.5f, 0.5f, 2.5f]);
        Floats(8 / x).ShouldBe([8, 4, 2]);
        Floats(x / 2f).ShouldBe([0.5f, 1, 2]);
        Floats(x * x).ShouldBe([1, 4, 16]);
        Floats(-x % 3).ShouldBe([2, 1, 2]);
        Floats(x.pow(2)).ShouldBe([1, 4, 16]);
        Floats(x.div(3, RoundingMode.floor)).ShouldBe([0, 0, 1]);
        (x + 1).dtype.ShouldBe(float32);
        (arange(3) + 1).dtype.ShouldBe(int64);
    }

    [Fact]
    public void Comparisons_are_elementwise_and_mirror_when_the_number_stands_left()
    {
        var x = tensor(new[] { 1f, 2f, 3f });
        Flags(x > 2).ShouldBe([false, false, true]);
        Flags((Scalar)2 > x).ShouldBe([true, false, false]);
        Flags(x == 2).ShouldBe([false, true, false]);
        Flags(x.ne(tensor(new[] { 1f, 0f, 3f }))).ShouldBe([false, true, false]);
        Flags((x >= 2) & (x < 3)).ShouldBe([false, true, false]);
        Flags(~(x >= 2)).ShouldBe([true, false, false]);
    }

    [Fact]
    public void Shapes_change_without_changing_elements()
    {
        var x = arange(24, dtype: float32).view(2, 3, 4);
        x.permute(2, 0, 1).shape.ShouldBe([4, 2, 3]);
        x.transpose(0, 2).contiguous().stride().ShouldBe([6, 2, 1]);
        x.flatten(1).shape.ShouldBe([2, 12]);
        x.unsqueeze(1).squeeze(1).shape.ShouldBe([2, 3, 4]);
        x[.., 0].shape.ShouldBe([2, 4]);
        cat([x, x], 1).shape.ShouldBe([2, 6, 4]);
        stack([x, x]).shape.ShouldBe([2, 2, 3, 4]);
        x.split(3, 2).Select(part => part.size(2)).ShouldBe([3, 1]);
        x.split([1, 3], 2).Select(part => part.size(-1)).ShouldBe([1, 3]);
        x.chunk(2).Length.ShouldBe(2);
        x.unbind(1).Length.ShouldBe(3);
        x.unflatten(2, 2, 2).shape.ShouldBe([2, 3, 2, 2]);
        x.repeat_interleave(2, 0).shape.ShouldBe([4, 3, 4]);
        x.expand(5, -1, -1, -1).shape.ShouldBe([5, 2, 3, 4]);
    }

    [Fact]
    public void Reductions_keep_or_drop_the_dimension_as_asked()
    {
        var x = tensor(new float[,] { { 1, 5, 3 }, { 4, 2, 6 } });
        x.sum().item<float>().ShouldBe(21);
        Floats(x.sum(dim: 0)).ShouldBe([5, 7, 9]);
        x.mean([1], keepdim: true).shape.ShouldBe([2, 1]);
        x.var(1, unbiased: false)[0].item<float>().ShouldBe(8f / 3, 1e-5);
        var (values, places) = x.max(1);
        Floats(values).ShouldBe([5, 6]);
        places.data<long>().ShouldBe([1L, 2L]);
        x.argmax(1).data<long>().ShouldBe([1L, 2L]);
        x.topk(2).indexes[0].data<long>().ShouldBe([1L, 2L]);
        x.sort(descending: true).Indices[1].data<long>().ShouldBe([2L, 0L, 1L]);
        x.norm().item<float>().ShouldBe(MathF.Sqrt(91), 1e-5);
        x.cumsum(1)[1].data<float>().ToArray().ShouldBe([4f, 6f, 12f]);
        x.gt(0).all().item<bool>().ShouldBeTrue();
        var (unique, inverse, counts) = tensor(new[] { 3L, 1L, 3L }).unique(return_counts: true);
        unique.data<long>().ShouldBe([1L, 3L]);
        inverse.ShouldBeNull();
        counts!.data<long>().ShouldBe([1L, 2L]);
    }

    [Fact]
    public void Products_agree_with_each_other()
    {
        using var generator = new Generator(3);
        var a = randn([2, 3, 4], generator: generator);
        var b = randn([2, 4, 5], generator: generator);
        var product = a.matmul(b);
        allclose(product, a.bmm(b)).ShouldBeTrue();
        allclose(product, einsum("bij,bjk->bik", a, b)).ShouldBeTrue();
        allclose(product * 2 + 1, ones(2, 3, 5).add(a.bmm(b), 2), 1e-4).ShouldBeTrue();
        allclose(product[0], a[0].mm(b[0]), 1e-4, 1e-6).ShouldBeTrue();
        allclose(functional.linear(a, b[0].t(), ones(5)), a.matmul(b[0]) + 1, 1e-4, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void An_error_names_the_operator_and_its_tensors()
    {
        var error = Should.Throw<ExternalException>(() => zeros(2, 3).matmul(ones([4, 5], int64)));
        error.Message.ShouldContain("aten::matmul");
        error.Message.ShouldContain("Float32 [2, 3] cpu");
        error.Message.ShouldContain("Int64 [4, 5] cpu");
        error.GetType().ShouldBe(typeof(ExternalException));
    }

    [Fact]
    public void Text_of_a_tensor_tells_shape_type_and_device() =>
        ones([2, 3], bfloat16).ToString().ShouldBe("[2x3], type = BFloat16, device = cpu");

    [Fact]
    public void A_list_longer_than_the_stack_buffer_reaches_the_operator_whole()
    {
        var parts = Enumerable.Range(0, 300).Select(i => full([1], i, float32)).ToArray();
        Floats(cat(parts)).ShouldBe(Enumerable.Range(0, 300).Select(i => (float)i));
    }
}
