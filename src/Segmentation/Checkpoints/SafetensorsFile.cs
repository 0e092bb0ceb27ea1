using System.Buffers.Binary;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Opens safetensors files.</summary>
public static class SafetensorsFile
{
    private const int PrefixLength = 8;

    /// <exception cref="CheckpointException">The file is missing, truncated or no safetensors file.</exception>
    public static TensorFile Open(string path) => Open(path, fault => throw fault);

    /// <summary>Opens what there is of a truncated file.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="report">Told that it is truncated.</param>
    /// <exception cref="CheckpointException">The file is missing, or its header is damaged.</exception>
    internal static TensorFile Open(string path, Action<CheckpointException> report)
    {
        var bytes = CheckpointBytes.Open(path);
        try
        {
            return new TensorFile(bytes, "safetensors", ReadHeader(bytes, report));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<TensorEntry> ReadHeader(CheckpointBytes bytes, Action<CheckpointException> report)
    {
        if (bytes.Length < PrefixLength)
            throw new CheckpointException($"{bytes.Path}: {bytes.Length} bytes are too few for a safetensors file");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Read(0, PrefixLength, "its header"));
        if (length > SafetensorsHeader.MaxLength || (long)length > bytes.Length - PrefixLength)
        {
            throw new CheckpointException(
                $"{bytes.Path}: the header claims {length} bytes, but the file has {bytes.Length} and a header at most {SafetensorsHeader.MaxLength}; is this a complete safetensors file?");
        }

        return SafetensorsHeader.Parse(bytes.Read(PrefixLength, (int)length, "its header"), PrefixLength + (long)length, bytes.Length, bytes.Path, report);
    }
}
