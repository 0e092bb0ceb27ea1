using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Asks the kernel to back large weights with pages of 2 MiB: half of a load from the page cache is otherwise spent on faults of 4 KiB.</summary>
/// <remarks>Only advice (madvise(2), MADV_HUGEPAGE); a kernel without such pages ignores it.</remarks>
internal static partial class HugePages
{
    private const int HugePage = 14;
    private const long Size = 2 << 20;

    /// <param name="tensor">Contiguous, on the host, not yet written.</param>
    public static unsafe void Advise(Tensor tensor)
    {
        var length = tensor.numel() * SafetensorsDtype.BytesOf(tensor.dtype);
        if (length < 2 * Size)
            return;
        using var first = tensor.view(-1).narrow(0, 0, 1);
        fixed (byte* start = first.bytes)
        {
            var aligned = ((long)start + Size - 1) & -Size;
            _ = Advise((nint)aligned, (nuint)(((long)start + length - aligned) & -Size), HugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
