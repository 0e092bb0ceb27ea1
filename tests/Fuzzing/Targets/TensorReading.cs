using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Uses an opened weight file, and holds it to what it promises: no tensor outside of the file.</summary>
internal static class TensorReading
{
    public static Reading Of(TensorFile file, int fileLength)
    {
        Span<byte> some = stackalloc byte[64];
        foreach (var entry in file.Entries)
        {
            if (entry.Offset < 0 || entry.Length < 0 || entry.Offset + entry.Length > fileLength)
                throw new InvalidOperationException($"tensor '{entry.Name}' lies at {entry.Offset} and has {entry.Length} bytes, outside of its file of {fileLength}");
            file.Read(entry, 0, some[..(int)Math.Min(some.Length, entry.Length)]);
        }

        return Reading.Accepted;
    }
}
