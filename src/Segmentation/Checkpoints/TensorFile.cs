namespace Pipeline.Segmentation.Checkpoints;

/// <summary>One weight file of either format: its tensors, and their bytes read straight to where they are wanted.</summary>
public sealed class TensorFile : IDisposable
{
    private readonly CheckpointBytes bytes;

    internal TensorFile(CheckpointBytes bytes, string format, IReadOnlyList<TensorEntry> entries) => (this.bytes, Format, Entries) = (bytes, format, entries);

    public string Path => bytes.Path;

    /// <summary><c>safetensors</c> or <c>pytorch</c>.</summary>
    public string Format { get; }

    /// <summary>By offset.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>Opens a file: <c>*.bin</c>, <c>*.pt</c> and <c>*.pth</c> as PyTorch's, anything else as safetensors.</summary>
    /// <exception cref="CheckpointException">The file is missing, damaged or holds something else than tensors.</exception>
    public static TensorFile Open(string path) => Open(path, fault => throw fault);

    /// <summary>Opens what there is of a truncated file; PyTorch's are all or nothing.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="report">Told that it is truncated.</param>
    /// <exception cref="CheckpointException">As for the other.</exception>
    internal static TensorFile Open(string path, Action<CheckpointException> report) =>
        System.IO.Path.GetExtension(path) is ".bin" or ".pt" or ".pth" ? TorchFile.Open(path) : SafetensorsFile.Open(path, report);

    /// <summary>Reads bytes of a tensor.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="start">First byte, counted from the start of the tensor.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="CheckpointException">The file ended, or reading failed.</exception>
    public void Read(TensorEntry entry, long start, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, entry.Length);
        bytes.Read(entry.Offset + start, destination, $"tensor '{entry.Name}'");
    }

    public void Dispose() => bytes.Dispose();
}
