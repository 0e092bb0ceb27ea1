using Pipeline.Segmentation.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>Bias-corrected moments and decoupled weight decay.</summary>
/// <remarks>arXiv 1711.05101, algorithm 2.</remarks>
internal sealed class AdamWUpdate : IParameterUpdate
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.95;
    private const double Epsilon = 1e-8;

    private readonly TrainableParameter parameter;
    private readonly double decay;
    private readonly Tensor mean;
    private readonly Tensor square;
    private long steps;

    /// <param name="parameter">Of any shape.</param>
    /// <param name="weightDecay">Times the learning rate: the share of the weights that goes in a step.</param>
    public AdamWUpdate(TrainableParameter parameter, double weightDecay)
    {
        this.parameter = parameter;
        decay = parameter.Decay ? weightDecay : 0;
        mean = zeros_like(parameter.Value).DetachFromDisposeScope();
        square = zeros_like(parameter.Value).DetachFromDisposeScope();
    }

    private string Key => $"adamw.{parameter.Name}";

    public void Apply(Tensor gradient, double rate)
    {
        using var scope = NewDisposeScope();
        steps++;
        mean.mul_(Beta1).add_(gradient, 1 - Beta1);
        square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var deviation = square.sqrt().mul_(1 / Math.Sqrt(1 - Math.Pow(Beta2, steps))).add_(Epsilon);
        if (decay != 0)
            parameter.Value.mul_(1 - (rate * decay));
        parameter.Value.addcdiv_(mean, deviation, -rate / (1 - Math.Pow(Beta1, steps)));
    }

    public void AddTo(Dictionary<string, Tensor> state)
    {
        state.Add($"{Key}.mean", mean);
        state.Add($"{Key}.square", square);
        state.Add($"{Key}.steps", tensor(steps));
    }

    public void Restore(Weights state)
    {
        mean.copy_(state.Get($"{Key}.mean", mean.shape));
        square.copy_(state.Get($"{Key}.square", square.shape));
        steps = state.Get($"{Key}.steps").ToInt64();
    }

    public void Dispose()
    {
        mean.Dispose();
        square.Dispose();
    }
}
