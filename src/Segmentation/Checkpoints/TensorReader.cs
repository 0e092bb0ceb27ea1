using System.Buffers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Reads one tensor of a weight file straight into its own memory.</summary>
internal static class TensorReader
{
    // A piece is still in the processor's cache when it is converted or sent to the device.
    private const int StagingBytes = 1 << 20;

    private const int PieceBytes = 8 << 20;

    /// <param name="file">Holds it.</param>
    /// <param name="entry">Which one.</param>
    /// <param name="dtype">What it becomes if it is floating; integers and booleans stay as they are.</param>
    /// <param name="device">Where it goes.</param>
    /// <returns>A new tensor outside every dispose scope.</returns>
    /// <exception cref="CheckpointException">The file ended, or reading failed.</exception>
    public static Tensor Read(TensorFile file, TensorEntry entry, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var wanted = SafetensorsDtype.IsFloating(entry.Dtype) ? dtype : entry.Dtype;
        var result = empty([.. entry.Shape], wanted, device);
        var onHost = device.type == DeviceType.CPU;
        if (onHost)
            HugePages.Advise(result);
        if (entry.Strides is not null)
            Gather(result, file, entry);
        else if (wanted == entry.Dtype && onHost)
            ReadInto(result, file, entry);
        else if (entry.Dtype == ScalarType.BFloat16 && wanted == ScalarType.Float32 && onHost)
            Widen(result, file, entry);
        else
            Convert(result, file, entry);
        return result.DetachFromDisposeScope();
    }

    private static void ReadInto(Tensor contiguous, TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var flat = contiguous.view(-1);
        var element = SafetensorsDtype.BytesOf(entry.Dtype);
        Pieces.ForEach(entry.Length, PieceBytes, (start, length) =>
        {
            using var piece = flat.narrow(0, start / element, length / element);
            file.Read(entry, start, piece.bytes);
        });
    }

    private static void Widen(Tensor result, TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var flat = result.view(-1);
        Pieces.ForEach(entry.Length, StagingBytes, (start, length) =>
        {
            var staging = ArrayPool<byte>.Shared.Rent(length);
            file.Read(entry, start, staging.AsSpan(0, length));
            using var piece = flat.narrow(0, start / 2, length / 2);
            BFloat16Widening.Widen(staging.AsSpan(0, length), piece.bytes);
            ArrayPool<byte>.Shared.Return(staging);
        });
    }

    private static void Convert(Tensor result, TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var flat = result.view(-1);
        var total = flat.numel();
        var element = SafetensorsDtype.BytesOf(entry.Dtype);
        var staging = empty(Math.Min(total, StagingBytes / element), entry.Dtype);
        for (long start = 0; start < total; start += staging.numel())
        {
            var count = Math.Min(staging.numel(), total - start);
            using var piece = staging.narrow(0, 0, count);
            using var target = flat.narrow(0, start, count);
            file.Read(entry, start * element, piece.bytes);
            target.copy_(piece);
        }
    }

    /// <summary>Numbers that lie in another order than row-major.</summary>
    private static void Gather(Tensor result, TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var stored = empty(entry.Length / SafetensorsDtype.BytesOf(entry.Dtype), entry.Dtype);
        ReadInto(stored, file, entry);
        result.copy_(stored.as_strided([.. entry.Shape], [.. entry.Strides!]));
    }
}
