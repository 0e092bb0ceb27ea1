using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Layers as functions, and what training needs.</summary>
    public static partial class nn
    {
        /// <summary>How the losses of single elements become one.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
    }
}
