using Microsoft.Win32.SafeHandles;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A weight file's bytes, read at any place straight to where they are wanted.</summary>
internal sealed class CheckpointBytes : IDisposable
{
    private readonly SafeFileHandle handle;

    private CheckpointBytes(string path, SafeFileHandle handle) => (Path, this.handle, Length) = (path, handle, RandomAccess.GetLength(handle));

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="CheckpointException">The file is missing or may not be read.</exception>
    public static CheckpointBytes Open(string path)
    {
        try
        {
            return new CheckpointBytes(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CheckpointException($"{path}: {fault.Message}", fault);
        }
    }

    /// <param name="position">From the start of the file.</param>
    /// <param name="destination">Filled completely.</param>
    /// <param name="what">Named in errors.</param>
    /// <exception cref="CheckpointException">The file ended, or reading failed.</exception>
    public void Read(long position, Span<byte> destination, string what)
    {
        try
        {
            while (destination.Length > 0)
            {
                var read = RandomAccess.Read(handle, destination, position);
                if (read == 0)
                    throw new CheckpointException($"{Path}: the file ended inside {what}");
                position += read;
                destination = destination[read..];
            }
        }
        catch (IOException fault)
        {
            throw new CheckpointException($"{Path}: {what} cannot be read: {fault.Message}", fault);
        }
    }

    /// <exception cref="CheckpointException">The file ended, or reading failed.</exception>
    public byte[] Read(long position, int count, string what)
    {
        if (position < 0 || count < 0 || position > Length - count)
            throw new CheckpointException($"{Path}: the file ended inside {what}");
        var bytes = new byte[count];
        Read(position, bytes, what);
        return bytes;
    }

    public void Dispose() => handle.Dispose();
}
