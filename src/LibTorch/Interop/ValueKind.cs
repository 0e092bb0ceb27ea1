namespace TorchSharp.Interop;

/// <summary>What a <see cref="Value"/> holds; mirrors <c>Kind</c> in dispatcher.cpp.</summary>
internal enum ValueKind
{
    None,
    Default,
    Tensor,
    Integer,
    Real,
    Boolean,
    Integers,
    Reals,
    Booleans,
    Tensors,
    OptionalTensors,
    Text,
    Device,
    Generator,
}
