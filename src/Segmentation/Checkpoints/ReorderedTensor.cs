using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A tensor of a weight file whose numbers lie in another order than row-major. It is held in memory as a whole while it is read.</summary>
/// <param name="file">Stays open meanwhile.</param>
/// <param name="entry">With strides.</param>
/// <param name="dtype">Of the result.</param>
internal sealed class ReorderedTensor(TensorFile file, TensorEntry entry, ScalarType dtype) : TensorSource(entry.Name, dtype, entry.Shape)
{
    private readonly Lock reading = new();
    private Tensor? whole;
    private MemoryTensor? memory;

    public override void Read(long start, Span<byte> destination)
    {
        lock (reading)
        {
            whole ??= TensorReader.Read(file, entry, Dtype, CPU);
            memory ??= new MemoryTensor(Name, whole);
        }

        memory.Read(start, destination);
    }

    public override void Release()
    {
        memory?.Release();
        whole?.Dispose();
        (memory, whole) = (null, null);
    }
}
