using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pipeline.LibTorch.Tests;

public sealed class AutogradTests : TensorTests
{
    [Fact]
    public void Gradients_of_a_polynomial_are_its_derivative()
    {
        var x = tensor(new[] { 1f, -2f, 3f }, requires_grad: true);
        (x.pow(3) + (2 * x)).sum().backward();
        Floats(x.grad!).ShouldBe([5, 14, 29]);
        (x * x).sum().backward();
        Floats(x.grad!).ShouldBe([7, 10, 35]);
        x.grad = null;
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void Gradients_of_a_linear_layer_are_outer_products()
    {
        var weight = Parameter(tensor(new float[,] { { 1, 2 }, { 3, 4 } }));
        var bias = Parameter(zeros(2));
        var input = tensor(new float[,] { { 5, 7 } });
        var output = functional.linear(input, weight, bias);
        output.backward([tensor(new float[,] { { 1, 10 } })]);
        Floats(weight.grad!).ShouldBe([5, 7, 50, 70]);
        Floats(bias.grad!).ShouldBe([1, 10]);
        weight.is_leaf.ShouldBeTrue();
        output.is_leaf.ShouldBeFalse();
    }

    [Fact]
    public void Cross_entropy_pulls_towards_the_target_and_ignores_what_it_should()
    {
        var logits = zeros([2, 2], requires_grad: true);
        functional.cross_entropy(logits, tensor(new[] { 1L, -100L })).backward();
        Floats(logits.grad!).ShouldBe([0.5f, -0.5f, 0, 0]);
    }

    [Fact]
    public void Second_derivatives_come_from_recorded_first_ones()
    {
        var x = tensor(new[] { 2f }, requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        first.item<float>().ShouldBe(12);
        autograd.grad([first.sum()], [x])[0].item<float>().ShouldBe(12);
        var unrelated = ones([1], requires_grad: true);
        autograd.grad([(x * 2).sum()], [unrelated], allow_unused: true)[0].IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_recorded_in_no_grad_and_inference_mode()
    {
        var x = ones([1], requires_grad: true);
        using (no_grad())
        {
            is_grad_enabled().ShouldBeFalse();
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad())
            {
                (x * 2).requires_grad.ShouldBeTrue();
            }
        }

        is_grad_enabled().ShouldBeTrue();
        Tensor made;
        using (inference_mode())
        {
            is_inference_mode_enabled().ShouldBeTrue();
            made = x * 2;
            made.requires_grad.ShouldBeFalse();
        }

        is_inference_mode_enabled().ShouldBeFalse();
        Should.Throw<ExternalException>(() => (made * x).backward());
        (x.detach() * 2).requires_grad.ShouldBeFalse();
    }

    [Fact]
    public void Only_leaves_may_be_told_to_record()
    {
        var x = ones([1], requires_grad: true);
        var y = x * 2;
        Should.Throw<ExternalException>(() => y.requires_grad = false).Message.ShouldContain("leaf");
        y.retain_grad();
        (y * 3).backward();
        y.grad!.item<float>().ShouldBe(3);
        x.grad!.item<float>().ShouldBe(6);
        Should.Throw<ExternalException>(() => x.grad = ones(2)).Message.ShouldContain("shape");
    }

    [Fact]
    public void Indexing_and_attention_pass_gradients_on()
    {
        var x = zeros([1, 3, 2], requires_grad: true);
        functional.scaled_dot_product_attention(x, x, x, is_casual: true)[0, 2].sum().backward();
        foreach (var gradient in Floats(x.grad!))
        {
            gradient.ShouldBe(1f / 3, 1e-6f);
        }
    }
}
