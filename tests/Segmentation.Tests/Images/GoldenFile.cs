using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pipeline.Segmentation.Tests.Images;

/// <summary>Reference values as raw bytes, so that these tests need neither tensors nor the checkpoint reader.</summary>
internal sealed class GoldenFile
{
    private readonly byte[] bytes;
    private readonly int start;
    private readonly JsonElement header;

    public GoldenFile(string group)
    {
        bytes = File.ReadAllBytes(Path.Combine(Root, group, "io.safetensors"));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        header = JsonDocument.Parse(bytes.AsMemory(8, length)).RootElement;
        start = 8 + length;
    }

    public static string Root { get; } = Find();

    public IEnumerable<string> Names => header.EnumerateObject().Select(entry => entry.Name).Where(name => name != "__metadata__");

    public int[] Shape(string name) => [.. header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];

    public T[] Values<T>(string name)
        where T : unmanaged
    {
        var offsets = header.GetProperty(name).GetProperty("data_offsets");
        var (from, to) = (offsets[0].GetInt32(), offsets[1].GetInt32());
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(start + from, to - from)).ToArray();
    }

    public Pipeline.Segmentation.Images.RgbImage Image(string name)
    {
        var shape = Shape(name);
        return new(shape[1], shape[0], Values<byte>(name));
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above the tests holds Pipeline.sln.");
        return Path.Combine(folder.FullName, "tests", "golden");
    }
}
