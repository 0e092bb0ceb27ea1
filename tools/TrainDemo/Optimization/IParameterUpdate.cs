using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>The step of one parameter and what it remembers between steps.</summary>
internal interface IParameterUpdate : IDisposable
{
    /// <summary>Changes the parameter in place.</summary>
    /// <param name="gradient">Its shape; not changed.</param>
    /// <param name="rate">Learning rate.</param>
    void Apply(Tensor gradient, double rate);

    /// <summary>Adds what it remembers, named after the parameter: its own tensors, or ones of the caller's dispose scope.</summary>
    void AddTo(Dictionary<string, Tensor> state);

    /// <exception cref="CheckpointException">Something is missing or has another shape.</exception>
    void Restore(Weights state);
}
