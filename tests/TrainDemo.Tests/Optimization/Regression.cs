using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Optimization;

/// <summary>A small network with every kind of parameter, learning another's outputs; ranks see different inputs.</summary>
internal sealed class Regression : IDisposable
{
    private readonly Tensor[] inputs;
    private readonly Tensor[] targets;

    public Regression(int batches = 2)
    {
        using var random = new Generator(7);
        inputs = [.. Enumerable.Range(0, batches).Select(_ => randn([32, 12], generator: random))];
        using var teacher = randn([8, 12], generator: random);
        targets = [.. inputs.Select(input => input.matmul(teacher.mT).tanh())];
        Parameters =
        [
            new("qkv", Weight(random, 24, 12), UpdateRule.Muon, Matrices: 3),
            new("mix", Weight(random, 8, 24), UpdateRule.Muon, RateScale: 0.5),
            new("head", Weight(random, 8, 8), UpdateRule.AdamW),
            new("bias", Weight(random, 8), UpdateRule.AdamW, Decay: false),
            new("unused", Weight(random, 5), UpdateRule.AdamW),
        ];
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyDictionary<string, Tensor> Weights => Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);

    public byte[] Bits => [.. Parameters.SelectMany(parameter => parameter.Value.detach().bytes.ToArray())];

    /// <param name="batch">Which of the inputs.</param>
    public double Loss(int batch)
    {
        using var scope = NewDisposeScope();
        return Recorded(batch).item<float>();
    }

    /// <returns>By parameter; in the caller's dispose scope.</returns>
    public Tensor?[] Gradients(int batch)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([Recorded(batch)], [.. Parameters.Select(parameter => parameter.Value)], allow_unused: true);
        return [.. gradients.Select(gradient => gradient.IsInvalid ? null : gradient.MoveToOuterDisposeScope())];
    }

    public void Dispose()
    {
        foreach (var tensor in inputs.Concat(targets).Concat(Parameters.Select(parameter => parameter.Value)))
            tensor.Dispose();
    }

    private static Tensor Weight(Generator random, params long[] shape) => (0.3f * randn(shape, generator: random)).requires_grad_();

    private Tensor Recorded(int batch)
    {
        var hidden = inputs[batch].matmul(Parameters[0].Value.mT).tanh().matmul(Parameters[1].Value.mT);
        var output = hidden.matmul(Parameters[2].Value.mT) + Parameters[3].Value;
        return (output - targets[batch]).square().mean();
    }
}
