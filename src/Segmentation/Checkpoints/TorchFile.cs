using Pipeline.Contracts.Pickle;
using Pipeline.Contracts.Text;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Opens what <c>torch.save</c> wrote: a zip archive of one pickle that describes tensors, and their numbers. The pickle is read as data and nothing of it is ever run.</summary>
/// <remarks>PyTorch's torch/serialization.py, _save. Tensors, parameters and dictionaries of them are rebuilt; every other Python name is refused.</remarks>
public static class TorchFile
{
    /// <summary>Far more than the names and shapes of the largest models take.</summary>
    private const long LongestPickle = 16 << 20;

    /// <summary>Tied weights share their numbers; tensors that together are much larger than their file are an attack.</summary>
    private const int MostSharing = 4;

    private static readonly Dictionary<string, ScalarType> StorageTypes = new()
    {
        ["torch.FloatStorage"] = ScalarType.Float32,
        ["torch.DoubleStorage"] = ScalarType.Float64,
        ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16,
        ["torch.LongStorage"] = ScalarType.Int64,
        ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16,
        ["torch.CharStorage"] = ScalarType.Int8,
        ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
    };

    private static readonly PickleGlobal[] Allowed =
    [
        PickleGlobal.OrderedDict,
        new("torch._utils._rebuild_tensor_v2", TorchTensor.Rebuild),
        new("torch._utils._rebuild_tensor", TorchTensor.Rebuild),
        new("torch._utils._rebuild_parameter", arguments => arguments is [TorchTensor tensor, ..] ? tensor : throw new PickleException("a parameter is made of something else than a tensor")),
        .. StorageTypes.Keys.Select(name => new PickleGlobal(name)),
    ];

    /// <exception cref="CheckpointException">The file is missing, damaged, of PyTorch's old format, or holds more than tensors.</exception>
    public static TensorFile Open(string path)
    {
        var bytes = CheckpointBytes.Open(path);
        try
        {
            return new TensorFile(bytes, "pytorch", ReadEntries(bytes));
        }
        catch (PickleException fault)
        {
            bytes.Dispose();
            throw new CheckpointException($"{path}: its pickle: {fault.Message}", fault);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static List<TensorEntry> ReadEntries(CheckpointBytes bytes)
    {
        RefuseOtherFormats(bytes);
        var archive = StoredZip.Read(bytes);
        if (archive.Keys.Where(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList() is not [var pickle])
            throw new CheckpointException($"{bytes.Path}: the archive has no data.pkl, or several; expected what torch.save writes");
        var root = pickle[..^"data.pkl".Length];
        if (archive[pickle].Length > LongestPickle)
            throw new CheckpointException($"{bytes.Path}: {pickle} has {archive[pickle].Length} bytes; more than {LongestPickle} describe no tensors");
        if (archive.TryGetValue($"{root}byteorder", out var order) && order.Length != "little".Length)
            throw new CheckpointException($"{bytes.Path}: its numbers are not little-endian; save the checkpoint again on a little-endian machine");
        var storages = new Dictionary<string, TorchStorage>();
        var content = PickleReader.Read(bytes.Read(archive[pickle].Offset, (int)archive[pickle].Length, pickle), Allowed, id => Storage(id, root, archive, storages));
        var entries = Tensors(content).Select(pair => pair.Tensor.ToEntry(pair.Name)).OrderBy(entry => entry.Offset).ToList();
        if (entries.Aggregate(Int128.Zero, (sum, entry) => sum + entry.Length) > (Int128)bytes.Length * MostSharing)
            throw new CheckpointException($"{bytes.Path}: its tensors share their numbers and together are more than {MostSharing} times as large as the file");
        return entries;
    }

    private static void RefuseOtherFormats(CheckpointBytes bytes)
    {
        var start = bytes.Read(0, (int)Math.Min(4, bytes.Length), "its start");
        if (start is [0x80, ..])
        {
            throw new CheckpointException(
                $"{bytes.Path}: this is PyTorch's format from before 1.6, which is not read; save it again with a newer PyTorch: torch.save(torch.load(file, map_location='cpu'), file)");
        }

        if (start is not [(byte)'P', (byte)'K', ..])
            throw new CheckpointException($"{bytes.Path}: this is no zip archive as torch.save writes it; is it a complete download and no pointer to a file kept elsewhere (git lfs)?");
    }

    /// <summary>A persistent id: ('storage', type, name of its entry, device, numbers).</summary>
    private static TorchStorage Storage(object? id, string root, IReadOnlyDictionary<string, StoredEntry> archive, Dictionary<string, TorchStorage> known)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count] } || !StorageTypes.TryGetValue(type.Name, out var dtype))
            throw new PickleException("a storage is described by something else than its type, name, device and size");
        if (known.TryGetValue(key, out var storage) && storage.Dtype == dtype && storage.Count == count)
            return storage;
        if (!archive.TryGetValue($"{root}data/{key}", out var entry))
            throw new PickleException($"storage '{PlainLine.Of(key)}' is not in the archive");
        if (count < 0 || (Int128)count * SafetensorsDtype.BytesOf(dtype) != entry.Length)
            throw new PickleException($"storage '{PlainLine.Of(key)}' claims {count} numbers of type {type.Name}, and the archive has {entry.Length} bytes of it");
        return known[key] = new TorchStorage(dtype, entry.Offset, count);
    }

    private static IEnumerable<(string Name, TorchTensor Tensor)> Tensors(object? content)
    {
        var map = content as PickleMap ?? throw new PickleException("it holds no dictionary of tensors");
        map = map["state_dict"] as PickleMap ?? map;
        return map.Entries.Select(pair => pair switch
        {
            { Key: string name, Value: TorchTensor tensor } => (name, tensor),
            { Key: string name } => throw new PickleException($"'{PlainLine.Of(name)}' is no tensor; only dictionaries of tensors are read, whole or under 'state_dict'"),
            _ => throw new PickleException("it has an entry whose name is no text"),
        });
    }
}
