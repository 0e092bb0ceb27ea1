using Pipeline.Segmentation.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>Exponential moving average of weights that several threads ("ranks") share; every rank averages its own part of them.</summary>
/// <remarks>The decay grows with the updates, (1 + n) / (10 + n) up to <c>decay</c>, so that the initial weights are soon forgotten.</remarks>
internal sealed class WeightAverage : IDisposable
{
    private const string UpdatesKey = "average.updates";

    private readonly IReadOnlyList<TrainableParameter> parameters;
    private readonly IReadOnlyList<IReadOnlyList<int>> shares;
    private readonly double decay;
    private readonly Tensor[] averages;
    private readonly long[] updates;

    /// <param name="parameters">Of different names; their values now are the first average.</param>
    /// <param name="ranks">Threads that share the work.</param>
    /// <param name="decay">What is left of the average in a late update.</param>
    public WeightAverage(IReadOnlyList<TrainableParameter> parameters, int ranks, double decay = 0.997)
    {
        using var unrecorded = no_grad();
        this.parameters = parameters;
        this.decay = decay;
        shares = Partition.Over(ranks, parameters);
        averages = [.. parameters.Select(parameter => parameter.Value.detach().clone().DetachFromDisposeScope())];
        updates = new long[ranks];
    }

    /// <summary>Whether the weights hold the average, and the average the weights.</summary>
    public bool Swapped { get; private set; }

    /// <summary>Moves the average towards the weights, the rank's part of both.</summary>
    /// <exception cref="InvalidOperationException">They are swapped.</exception>
    public void Update(int rank)
    {
        RequireUnswapped();
        using var unrecorded = no_grad();
        var count = ++updates[rank];
        var share = 1 - Math.Min(decay, (1.0 + count) / (10.0 + count));
        foreach (var index in shares[rank])
        {
            using var difference = parameters[index].Value.sub(averages[index]);
            averages[index].add_(difference, share);
        }
    }

    /// <summary>Exchanges weights and average; once more gives back every bit. One thread, while no other works with the weights.</summary>
    public void Swap()
    {
        using var unrecorded = no_grad();
        foreach (var (parameter, average) in parameters.Zip(averages))
        {
            using var weights = parameter.Value.clone();
            parameter.Value.copy_(average);
            average.copy_(weights);
        }

        Swapped = !Swapped;
    }

    /// <summary>Adds the averages and their count; some in the caller's dispose scope.</summary>
    /// <exception cref="InvalidOperationException">They are swapped.</exception>
    public void AddTo(Dictionary<string, Tensor> state)
    {
        RequireUnswapped();
        foreach (var (parameter, average) in parameters.Zip(averages))
            state.Add(Key(parameter), average);
        state.Add(UpdatesKey, tensor(updates[0]));
    }

    /// <param name="state">Made by <see cref="AddTo"/>, whatever the number of ranks.</param>
    /// <exception cref="CheckpointException">Something is missing or has another shape.</exception>
    /// <exception cref="InvalidOperationException">They are swapped.</exception>
    public void Restore(Weights state)
    {
        RequireUnswapped();
        foreach (var (parameter, average) in parameters.Zip(averages))
            average.copy_(state.Get(Key(parameter), average.shape));
        Array.Fill(updates, state.Get(UpdatesKey).ToInt64());
    }

    public void Dispose()
    {
        foreach (var average in averages)
            average.Dispose();
    }

    private static string Key(TrainableParameter parameter) => $"average.{parameter.Name}.value";

    private void RequireUnswapped()
    {
        if (Swapped)
            throw new InvalidOperationException("the weights hold the average; swap back first");
    }
}
