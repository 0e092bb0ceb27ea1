using System.IO.Compression;
using System.Text;

namespace Pipeline.Segmentation.Tests.Checkpoints;

/// <summary>Archives as <c>torch.save</c> writes them, right or wrong, put together instruction by instruction.</summary>
internal sealed class TorchArchive
{
    private readonly StringBuilder entries = new();
    private readonly List<(string Name, byte[] Data)> files = [];
    private int storages;

    /// <summary>An OrderedDict with <c>_metadata</c>, as a module's state dictionary is, rather than a plain one.</summary>
    public bool Ordered { get; init; }

    /// <summary>The dictionary of tensors is the value of this key.</summary>
    public string? Under { get; init; }

    public CompressionLevel Compression { get; init; } = CompressionLevel.NoCompression;

    /// <summary>Instructions of the pickle in place of a dictionary of tensors; each char is a byte.</summary>
    public string? Pickle { get; init; }

    public TorchArchive Tensor(string name, string type, byte[] data, long first, long[] shape, long[] strides, long? count = null)
    {
        Store(data);
        entries.Append(Text(name)).Append(Rebuilt(type, storages - 1, count ?? data.Length / Width(type), first, shape, strides));
        return this;
    }

    /// <summary>Another view of a storage of bytes.</summary>
    public TorchArchive View(string name, int storage, long first, long[] shape, long[] strides)
    {
        entries.Append(Text(name)).Append(Rebuilt("Byte", storage, files[storage].Data.Length, first, shape, strides));
        return this;
    }

    public TorchArchive Parameter(string name, string type, byte[] data)
    {
        Store(data);
        entries.Append(Text(name)).Append("ctorch._utils\n_rebuild_parameter\n(").Append(Rebuilt(type, storages - 1, data.Length / Width(type), 0, [data.Length / Width(type)], [1])).Append("\u0088ccollections\nOrderedDict\n)RtR");
        return this;
    }

    /// <summary>Any other value.</summary>
    public TorchArchive Value(string name, string instructions)
    {
        entries.Append(Text(name)).Append(instructions);
        return this;
    }

    /// <summary>A file of the archive besides those it has.</summary>
    public TorchArchive With(string name, byte[] data)
    {
        files.Add((name, data));
        return this;
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("data.pkl", Encoding.Latin1.GetBytes($"\u0080\u0002{Pickle ?? Content()}."));
            files.ForEach(file => Add(file.Name, file.Data));
            Add("version", "3\n"u8.ToArray());

            void Add(string name, byte[] data)
            {
                using var entry = zip.CreateEntry($"archive/{name}", Compression).Open();
                entry.Write(data);
            }
        }

        return stream.ToArray();
    }

    private static int Width(string type) => type switch
    {
        "Long" or "Double" => 8,
        "Float" or "Int" => 4,
        "Half" or "BFloat16" or "Short" => 2,
        _ => 1,
    };

    private static string Rebuilt(string type, int storage, long count, long first, long[] shape, long[] strides) =>
        $"ctorch._utils\n_rebuild_tensor_v2\n((X\a\0\0\0storagectorch\n{type}Storage\n{Text($"{storage}")}{Text("cpu")}{Number(count)}tQ{Number(first)}{Tuple(shape)}{Tuple(strides)}\u0089ccollections\nOrderedDict\n)RtR";

    private static string Text(string text) => $"X{(char)Encoding.UTF8.GetByteCount(text)}\0\0\0{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))}";

    private static string Number(long number) => $"I{number}\n";

    private static string Tuple(long[] numbers) => $"({string.Concat(numbers.Select(Number))}t";

    private void Store(byte[] data) => files.Add(($"data/{storages++}", data));

    private string Content()
    {
        var map = Ordered ? $"ccollections\nOrderedDict\n)R({entries}u}}{Text("_metadata")}ccollections\nOrderedDict\n)Rsb" : $"}}({entries}u";
        return Under is null ? map : $"}}({Text(Under)}{map}u";
    }
}
