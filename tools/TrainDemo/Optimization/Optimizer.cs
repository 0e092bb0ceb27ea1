using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>Updates weights that several threads ("ranks") share; every rank updates its own part of them.</summary>
/// <remarks>
/// Gradients are lists by parameter, one per rank. Between computing them, <see cref="SquaredNorm"/>, <see cref="Step"/> and the next
/// forward pass all ranks wait for each other. Nothing depends on who comes first: for a number of ranks every run gives the same bits.
/// </remarks>
internal sealed class Optimizer : IDisposable
{
    private readonly IReadOnlyList<TrainableParameter> parameters;
    private readonly IReadOnlyList<IReadOnlyList<int>> shares;
    private readonly IParameterUpdate[] updates;

    /// <param name="parameters">Of different names.</param>
    /// <param name="ranks">Threads that share the work.</param>
    /// <param name="weightDecay">Of those that decay; times the learning rate.</param>
    /// <exception cref="ArgumentException">Two have one name, or one does not fit its rule.</exception>
    public Optimizer(IReadOnlyList<TrainableParameter> parameters, int ranks, double weightDecay = 0.05)
    {
        if (parameters.CountBy(parameter => parameter.Name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new ArgumentException($"two parameters are named '{twice}'", nameof(parameters));
        this.parameters = parameters;
        updates =
        [
            .. parameters.Select<TrainableParameter, IParameterUpdate>(parameter => parameter.Rule == UpdateRule.Muon
                ? new MuonUpdate(parameter, weightDecay)
                : new AdamWUpdate(parameter, weightDecay)),
        ];
        shares = Partition.Over(ranks, parameters);
    }

    /// <param name="rank">The caller.</param>
    /// <param name="gradients">By rank, then by parameter; null is zero.</param>
    /// <param name="gradientScale">Times the sum of the ranks' gradients; 1 / ranks for a mean.</param>
    /// <returns>The rank's part of the squared norm of the scaled gradient: added up in the order of ranks, the whole.</returns>
    public double SquaredNorm(int rank, IReadOnlyList<Tensor?[]> gradients, double gradientScale)
    {
        using var unrecorded = no_grad();
        var sum = 0.0;
        foreach (var index in shares[rank])
        {
            using var scope = NewDisposeScope();
            if (Combined(index, gradients, gradientScale) is { } gradient)
                sum += Math.Pow(linalg.vector_norm(gradient).item<float>(), 2);
        }

        return sum;
    }

    /// <summary>Updates the rank's parameters; those without any gradient keep their value and all that is remembered of them.</summary>
    /// <param name="rank">The caller.</param>
    /// <param name="gradients">By rank, then by parameter; null is zero. Not changed.</param>
    /// <param name="gradientScale">Times the sum of the ranks' gradients; clipping is part of it.</param>
    /// <param name="rates">Of this step.</param>
    public void Step(int rank, IReadOnlyList<Tensor?[]> gradients, double gradientScale, LearningRates rates)
    {
        using var unrecorded = no_grad();
        foreach (var index in shares[rank])
        {
            using var scope = NewDisposeScope();
            if (Combined(index, gradients, gradientScale) is { } gradient)
                updates[index].Apply(gradient, rates.Of(parameters[index]));
        }
    }

    /// <summary>Adds momenta, moments and step counts; some in the caller's dispose scope.</summary>
    public void AddTo(Dictionary<string, Tensor> state)
    {
        foreach (var update in updates)
            update.AddTo(state);
    }

    /// <param name="state">Made by <see cref="AddTo"/>, whatever the number of ranks.</param>
    /// <exception cref="CheckpointException">Something is missing or has another shape.</exception>
    public void Restore(Weights state)
    {
        foreach (var update in updates)
            update.Restore(state);
    }

    public void Dispose()
    {
        foreach (var update in updates)
            update.Dispose();
    }

    private static Tensor? Combined(int index, IReadOnlyList<Tensor?[]> gradients, double scale)
    {
        Tensor? sum = null;
        foreach (var gradient in gradients.Select(ofRank => ofRank[index]).OfType<Tensor>())
            sum = sum?.add_(gradient, scale) ?? gradient.mul(scale);
        return sum;
    }
}
