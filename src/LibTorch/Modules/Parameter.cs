using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that is trained: a leaf that shares its data with the tensor it was made from.</summary>
public class Parameter : Tensor
{
    /// <param name="data">Its values; shared, not copied.</param>
    /// <param name="requires_grad">Whether operators on it are recorded.</param>
    public Parameter(Tensor data, bool requires_grad = true)
        : base(Operators.detach.CallHandle(data))
    {
        if (requires_grad)
        {
            requires_grad_();
        }
    }
}
