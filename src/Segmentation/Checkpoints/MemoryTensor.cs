using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A tensor that exists already, on any device.</summary>
/// <param name="name">Full name.</param>
/// <param name="tensor">Stays its owner's.</param>
internal sealed class MemoryTensor(string name, Tensor tensor) : TensorSource(name, tensor.dtype, tensor.shape)
{
    private readonly Lock copying = new();
    private Tensor? flat;

    public override void Read(long start, Span<byte> destination)
    {
        using var recording = no_grad();
        var element = SafetensorsDtype.BytesOf(Dtype);
        using var piece = Flat().narrow(0, start / element, destination.Length / element);
        piece.bytes.CopyTo(destination);
    }

    public override void Release()
    {
        flat?.Dispose();
        flat = null;
    }

    private Tensor Flat()
    {
        lock (copying)
        {
            if (flat is null)
            {
                using var scope = NewDisposeScope();
                flat = tensor.detach().cpu().contiguous().view(-1).DetachFromDisposeScope();
            }

            return flat;
        }
    }
}
