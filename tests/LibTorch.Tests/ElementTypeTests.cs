using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.LibTorch.Tests;

public sealed class ElementTypeTests : TensorTests
{
    [Theory]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Every_type_is_made_computed_with_and_converted(ScalarType type)
    {
        var x = arange(4, dtype: type);
        x.dtype.ShouldBe(type);
        (x + x).dtype.ShouldBe(type);
        Floats(x * x).ShouldBe([0, 1, 4, 9]);
        x.ElementSize.ShouldBe(type.ElementSize());
        x.to(float64).sum().item<double>().ShouldBe(6);
        full([2], 3, type).to(int64).sum().item<long>().ShouldBe(6);
        x.is_floating_point().ShouldBe(is_floating_point(type));
    }

    [Fact]
    public void Arrays_keep_their_type_and_their_shape()
    {
        tensor(new[] { true, false }).dtype.ShouldBe(ScalarType.Bool);
        tensor(new double[,] { { 1, 2 }, { 3, 4 } }).ShouldSatisfyAllConditions(
            x => x.dtype.ShouldBe(float64),
            x => x.shape.ShouldBe([2, 2]),
            x => x[1, 0].item<double>().ShouldBe(3));
        tensor(new[] { (Half)1.5f }).item<Half>().ShouldBe((Half)1.5f);
        tensor(new[] { new BFloat16(1.5f) }).item<BFloat16>().ShouldBe(new BFloat16(1.5f));
        tensor(new[] { 1, 2, 3, 4 }, [2, 2]).shape.ShouldBe([2, 2]);
        tensor(new[] { 1f, 2f }, dtype: int64).data<long>().ShouldBe([1L, 2L]);
        tensor(new List<long> { 5, 6 }).shape.ShouldBe([2]);
        tensor(2.5).dtype.ShouldBe(float64);
        tensor(2.5f).dtype.ShouldBe(float32);
        Should.Throw<ArgumentException>(() => tensor(new[] { 1f, 2f, 3f }, [2, 2])).Message.ShouldContain("[2, 2]");
    }

    [Fact]
    public void A_span_over_a_tensor_is_its_memory_and_no_copy()
    {
        var x = zeros(2, 3);
        var elements = MemoryMarshal.Cast<byte, float>(x.bytes);
        elements.Length.ShouldBe(6);
        elements[4] = 5;
        x[1, 1].item<float>().ShouldBe(5);
        x.bytes = MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6]).ToArray();
        x.sum().item<float>().ShouldBe(21);
        Should.Throw<ArgumentException>(() => x.bytes = new byte[3]);
        Should.Throw<InvalidOperationException>(() => x.t().bytes.Length).Message.ShouldContain("contiguous");
    }

    [Fact]
    public void An_accessor_reads_a_transposed_tensor_in_its_own_order()
    {
        var x = arange(6, dtype: float32).view(2, 3).t();
        var accessor = x.data<float>();
        accessor.ToArray().ShouldBe([0, 3, 1, 4, 2, 5]);
        accessor[3].ShouldBe(4);
        accessor[2, 1].ShouldBe(5);
        accessor[2, 1] = 50;
        x[2, 1].item<float>().ShouldBe(50);
        accessor.Sum().ShouldBe(60);
        Should.Throw<ArgumentOutOfRangeException>(() => accessor[6]);
    }

    [Fact]
    public void Reading_with_the_wrong_type_is_refused_with_the_right_one()
    {
        Should.Throw<ArgumentException>(() => ones(2).data<double>()).Message.ShouldContain("Float32 [2]");
        Should.Throw<ArgumentException>(() => ones(2).item<float>()).Message.ShouldContain("one element");
        ((double)ones(1)).ShouldBe(1);
        tensor(7).ToInt64().ShouldBe(7);
    }

    [Theory]
    [InlineData(1.00390625f, 1f)]
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(-3.39e38f, -3.3895314e38f)]
    [InlineData(3.4e38f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    public void BFloat16_rounds_as_libtorch_does(float value, float expected)
    {
        new BFloat16(value).ToSingle().ShouldBe(expected);
        tensor(new[] { value }).to(bfloat16).to(float32).item<float>().ShouldBe(expected);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Limits_of_a_type_are_those_it_holds(ScalarType type)
    {
        var info = finfo(type);
        tensor(info.max).to(type).isfinite().item<bool>().ShouldBeTrue();
        tensor(info.max).to(type).to(float64).item<double>().ShouldBe(info.max);
        (tensor(1.0).to(type) + tensor(info.eps).to(type)).ne(tensor(1.0).to(type)).item<bool>().ShouldBeTrue();
        (tensor(1.0).to(type) + tensor(info.eps / 2).to(type)).ne(tensor(1.0).to(type)).item<bool>().ShouldBeFalse();
        tensor(info.tiny).to(type).to(float64).item<double>().ShouldBe(info.tiny);
    }

    [Fact]
    public void Streams_carry_the_bytes_of_a_tensor_both_ways()
    {
        var x = arange(1000, dtype: int64);
        using var stream = new MemoryStream();
        x.WriteBytesToStream(stream);
        stream.Length.ShouldBe(8000);
        stream.Position = 0;
        var y = empty_like(x);
        y.ReadBytesFromStream(stream);
        y.Equals(x).ShouldBeTrue();
        Should.Throw<EndOfStreamException>(() => y.ReadBytesFromStream(stream));
    }
}
