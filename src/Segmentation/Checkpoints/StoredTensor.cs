namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A tensor of a weight file, bit for bit.</summary>
/// <param name="file">Stays open meanwhile.</param>
/// <param name="entry">Row-major.</param>
internal sealed class StoredTensor(TensorFile file, TensorEntry entry) : TensorSource(entry.Name, entry.Dtype, entry.Shape)
{
    public override void Read(long start, Span<byte> destination) => file.Read(entry, start, destination);
}
