using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Numbers in a PyTorch archive that tensors are views of.</summary>
/// <param name="Dtype">Their type.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Count">How many there are; the archive holds them all.</param>
internal sealed record TorchStorage(ScalarType Dtype, long Offset, long Count);
