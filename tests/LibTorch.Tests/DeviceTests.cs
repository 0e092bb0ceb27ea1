using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace Pipeline.LibTorch.Tests;

public sealed class DeviceTests : TensorTests
{
    [Fact]
    public void Devices_are_read_from_text()
    {
        new Device("cpu").type.ShouldBe(DeviceType.CPU);
        new Device("cuda:1").ShouldSatisfyAllConditions(x => x.type.ShouldBe(DeviceType.CUDA), x => x.index.ShouldBe(1));
        new Device("cuda").ToString().ShouldBe("cuda");
        device("cuda", 2).ToString().ShouldBe("cuda:2");
        Should.Throw<FormatException>(() => new Device("cuda:x")).Message.ShouldContain("cuda:N");
        Should.Throw<ArgumentException>(() => new Device("gpu")).Message.ShouldContain("cuda");
    }

    [Fact]
    public void Without_a_device_cuda_says_so_and_nothing_else_breaks()
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has a CUDA device");
        cuda.device_count().ShouldBe(0);
        cuda_is_available().ShouldBeFalse();
        Should.Throw<ExternalException>(() => cuda.synchronize()).Message.ShouldContain("CUDA");
        Should.Throw<ExternalException>(() => ones(1).cuda());
        Should.Throw<ExternalException>(() => cuda.memory_allocated());
        ones(1).cpu().device.type.ShouldBe(DeviceType.CPU);
    }

    [Fact]
    public void A_product_on_a_device_equals_the_one_on_the_processor()
    {
        Assert.SkipUnless(cuda.is_available(), "this machine has no CUDA device");
        backends.cuda.matmul.allow_tf32 = false;
        var x = rand(64, 64);
        var there = x.to(CUDA);
        there.is_cuda.ShouldBeTrue();
        var product = there.matmul(there);
        cuda.synchronize();
        allclose(product.cpu(), x.matmul(x), 1e-4, 1e-4).ShouldBeTrue();
        cuda.max_memory_allocated().ShouldBeGreaterThanOrEqualTo(2 * 64 * 64 * 4);
        using var generator = new Generator(4, CUDA);
        rand([8], device: CUDA, generator: generator).is_cuda.ShouldBeTrue();
    }

    [Fact]
    public void Threads_can_be_counted_and_set()
    {
        var before = get_num_threads();
        set_num_threads(2);
        get_num_threads().ShouldBe(2);
        set_num_threads(before);
        get_num_interop_threads().ShouldBeGreaterThan(0);
        Should.Throw<ExternalException>(() => set_num_threads(0));
    }

    [Fact]
    public void Missing_operators_are_all_named_at_once()
    {
        var error = Should.Throw<NotSupportedException>(
            () => Operator.Require([Operator.Find("frobnicate", "Tensor"), Operators.add_Tensor, Operator.Find("absent"), Operator.Optional("newer")]));
        error.Message.ShouldContain("aten::absent, aten::frobnicate.Tensor");
        error.Message.ShouldContain(__version__);
        error.Message.ShouldNotContain("aten::newer");
        Should.Throw<NotSupportedException>(() => Operator.Optional("newer").Call()).Message.ShouldContain("aten::newer");
    }

    [Fact]
    public void Threads_with_tensors_of_their_own_do_not_disturb_each_other()
    {
        var sums = new double[8];
        Parallel.For(0, sums.Length, thread =>
        {
            for (var round = 0; round < 200; round++)
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator((ulong)thread);
                var x = randn([16, 16], generator: generator);
                using (thread % 2 == 0 ? no_grad() : enable_grad())
                {
                    x = x.requires_grad_(thread % 2 == 1);
                    sums[thread] = x.matmul(x).softmax(-1).sum().ToDouble();
                    is_grad_enabled().ShouldBe(thread % 2 == 1);
                    Should.Throw<ExternalException>(() => x.view(thread + 1, 3)).Message.ShouldContain($"[{thread + 1}, 3]");
                }
            }
        });
        sums.ShouldAllBe(sum => Math.Abs(sum - 16) < 1e-3);
    }
}
