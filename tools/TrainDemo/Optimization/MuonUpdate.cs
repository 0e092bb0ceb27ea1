using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>Nesterov momentum, made orthogonal, at the size of an AdamW step; decoupled weight decay.</summary>
/// <remarks>K. Jordan, "Muon" (2024); the factor 0.2 sqrt(max(rows, columns)) is that of arXiv 2502.16982, section 2.2.</remarks>
internal sealed class MuonUpdate : IParameterUpdate
{
    private const double Momentum = 0.95;
    private const double Size = 0.2;

    private readonly TrainableParameter parameter;
    private readonly double decay;
    private readonly long[] matrices;
    private readonly Tensor momentum;

    /// <param name="parameter">A matrix, or equally high ones stacked along dimension 0.</param>
    /// <param name="weightDecay">Times the learning rate: the share of the weights that goes in a step.</param>
    /// <exception cref="ArgumentException">It is no matrix, or not so many.</exception>
    public MuonUpdate(TrainableParameter parameter, double weightDecay)
    {
        var shape = parameter.Value.shape;
        if (shape.Length != 2 || parameter.Matrices < 1 || shape[0] % parameter.Matrices != 0)
        {
            throw new ArgumentException(
                $"'{parameter.Name}' of shape ({string.Join(", ", shape)}) is not {parameter.Matrices} matrices along dimension 0; Muon updates nothing else",
                nameof(parameter));
        }

        this.parameter = parameter;
        decay = parameter.Decay ? weightDecay : 0;
        matrices = [parameter.Matrices, shape[0] / parameter.Matrices, shape[1]];
        momentum = zeros_like(parameter.Value).DetachFromDisposeScope();
    }

    private string Key => $"muon.{parameter.Name}.momentum";

    public void Apply(Tensor gradient, double rate)
    {
        using var scope = NewDisposeScope();
        momentum.mul_(Momentum).add_(gradient);
        var direction = NewtonSchulz.Orthogonalize(gradient.add(momentum, Momentum).view(matrices));
        var value = parameter.Value.view(matrices);
        value.mul_(1 - (rate * decay)).add_(direction, -rate * Size * Math.Sqrt(Math.Max(matrices[1], matrices[2])));
    }

    public void AddTo(Dictionary<string, Tensor> state) => state.Add(Key, momentum);

    public void Restore(Weights state) => momentum.copy_(state.Get(Key, momentum.shape));

    public void Dispose() => momentum.Dispose();
}
