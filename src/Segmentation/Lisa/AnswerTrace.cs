using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>All that went into an answer, for verification. For batches of one prompt. Owns its tensors, outside every dispose scope.</summary>
public sealed class AnswerTrace : IDisposable
{
    private readonly List<Tensor> logits = [];
    private readonly List<Tensor> hidden = [];

    /// <returns>(new, vocabulary): of the step that chose each token.</returns>
    public Tensor Logits() => cat(logits);

    /// <returns>(1, n' + new - 1, d): final-norm states of the prompt, as far as it was not pruned, and of every new token but the last.</returns>
    public Tensor Hidden() => cat(hidden, 1);

    public void Dispose()
    {
        foreach (var tensor in logits.Concat(hidden)) tensor.Dispose();
    }

    /// <param name="step">(1, vocabulary).</param>
    internal void AddLogits(Tensor step) => logits.Add(step.alias().DetachFromDisposeScope());

    /// <param name="states">(1, n, d).</param>
    internal void AddHidden(Tensor states) => hidden.Add(states.alias().DetachFromDisposeScope());
}
