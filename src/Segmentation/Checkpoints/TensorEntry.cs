using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Where a tensor lies in its file.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Dtype">As stored.</param>
/// <param name="Shape">Row-major; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Offset, long Length);
