using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>A loss as the weighted sum of named terms. Lives in the dispose scope in which the terms were made.</summary>
internal sealed class LossTerms
{
    private readonly List<(string Name, Tensor Value, double Weight)> terms = [];

    /// <summary>The weighted sum, a scalar.</summary>
    public Tensor Total => terms.Select(term => term.Weight * term.Value).Aggregate((sum, term) => sum + term);

    /// <param name="name">For the progress line.</param>
    /// <param name="value">A scalar.</param>
    /// <param name="weight">In the sum.</param>
    public void Add(string name, Tensor value, double weight) => terms.Add((name, value, weight));

    /// <summary>The terms without their weights; waits for the device.</summary>
    public IEnumerable<(string Name, double Value)> Read() => terms.Select(term => (term.Name, (double)term.Value.item<float>()));
}
