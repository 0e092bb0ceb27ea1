using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>One safetensors file: its tensors, and their bytes read straight to where they are wanted.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private SafetensorsFile(string path, SafeFileHandle handle, IReadOnlyList<TensorEntry> entries) =>
        (Path, this.handle, Entries) = (path, handle, entries);

    public string Path { get; }

    /// <summary>By offset.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <exception cref="CheckpointException">The file is missing, truncated or no safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var file = new SafetensorsFile(path, handle, ReadHeader(path, handle));
            handle = null;
            return file;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: {fault.Message}", fault);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>Reads bytes of a tensor.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="start">First byte, counted from the start of the tensor.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="CheckpointException">The file ended, or reading failed.</exception>
    public void Read(TensorEntry entry, long start, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, entry.Length);
        try
        {
            for (var position = entry.Offset + start; destination.Length > 0;)
            {
                var read = RandomAccess.Read(handle, destination, position);
                if (read == 0)
                    throw new CheckpointException($"{Path}: the file ended inside tensor '{entry.Name}'");
                position += read;
                destination = destination[read..];
            }
        }
        catch (IOException fault)
        {
            throw new CheckpointException($"{Path}: tensor '{entry.Name}' cannot be read: {fault.Message}", fault);
        }
    }

    public void Dispose() => handle.Dispose();

    private static IReadOnlyList<TensorEntry> ReadHeader(string path, SafeFileHandle handle)
    {
        var fileLength = RandomAccess.GetLength(handle);
        var prefix = new byte[8];
        if (fileLength < prefix.Length)
            throw new CheckpointException($"{path}: {fileLength} bytes are too few for a safetensors file");
        ReadFully(prefix, 0);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MaxLength || (long)headerLength > fileLength - prefix.Length)
        {
            throw new CheckpointException(
                $"{path}: the header claims {headerLength} bytes, but the file has {fileLength} and a header at most {SafetensorsHeader.MaxLength}; is this a complete safetensors file?");
        }

        var header = new byte[headerLength];
        ReadFully(header, prefix.Length);
        return SafetensorsHeader.Parse(header, prefix.Length + header.Length, fileLength, path);

        void ReadFully(Span<byte> destination, long position)
        {
            while (destination.Length > 0)
            {
                var read = RandomAccess.Read(handle, destination, position);
                if (read == 0)
                    throw new CheckpointException($"{path}: the file ended inside its header");
                position += read;
                destination = destination[read..];
            }
        }
    }
}
