using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A tensor of a weight file in another floating type, rounded to the nearest number.</summary>
/// <param name="file">Stays open meanwhile.</param>
/// <param name="entry">Row-major, floating.</param>
/// <param name="dtype">Floating.</param>
internal sealed class ConvertedTensor(TensorFile file, TensorEntry entry, ScalarType dtype) : TensorSource(entry.Name, dtype, entry.Shape)
{
    private readonly int from = SafetensorsDtype.BytesOf(entry.Dtype);
    private readonly int to = SafetensorsDtype.BytesOf(dtype);

    public override void Read(long start, Span<byte> destination)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var stored = empty(destination.Length / to, entry.Dtype);
        file.Read(entry, start / to * from, stored.bytes);
        stored.to(Dtype).bytes.CopyTo(destination);
    }
}
