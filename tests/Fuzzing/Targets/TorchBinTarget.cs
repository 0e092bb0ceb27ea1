using System.Text;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Tests.Checkpoints;

namespace Pipeline.Fuzzing.Targets;

/// <summary>PyTorch's <c>.bin</c>: mostly a sound archive round a damaged pickle, else a damaged archive.</summary>
internal sealed class TorchBinTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("model.bin");
    private readonly byte[][] archives = [Archive().ToBytes(), new TorchArchive { Under = "state_dict" }.Tensor("a", "Byte", [1, 2, 3], 0, [3], [1]).ToBytes()];

    public string Name => "torch-bin";

    public IReadOnlyList<byte[]> Seeds => [PickleIn(archives[0]), PickleIn(archives[1])];

    public IReadOnlyList<byte[]> Words { get; } = Bytes.OfLatin1(
        [.. PickleTarget.Instructions, "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "X\a\0\0\0storage", "X\u0001\0\0\01", "I99999999999\n", "(I2\nI2\nt", "ccollections\nOrderedDict\n)R"]);

    /// <summary>The archive, with the pickle in it as long as it is.</summary>
    public byte[] Dress(byte[] input, Random random)
    {
        if (random.Next(4) > 0)
            return StoredArchive.Of(("archive/data.pkl", input), ("archive/data/0", new byte[16]), ("archive/data/1", new byte[8]), ("archive/version", "3\n"u8.ToArray()));
        var archive = archives[random.Next(archives.Length)].ToArray();
        for (var hits = random.Next(1, 6); hits > 0; hits--)
            archive[random.Next(archive.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? archive[..random.Next(archive.Length + 1)] : archive;
    }

    public Reading Read(byte[] input)
    {
        using var tensors = TensorFile.Open(file.Fill(input));
        return TensorReading.Of(tensors, input.Length);
    }

    public bool IsRefusal(Exception fault) => fault is CheckpointException;

    public void Dispose() => file.Dispose();

    private static TorchArchive Archive() =>
        new TorchArchive { Ordered = true }.Tensor("a", "Float", new byte[16], 0, [2, 2], [2, 1]).Tensor("b", "Long", new byte[8], 0, [], []);

    /// <summary>What follows the directory entry's name up to the pickle's last instruction.</summary>
    private static byte[] PickleIn(byte[] archive)
    {
        var start = archive.AsSpan().IndexOf(Encoding.Latin1.GetBytes("\u0080\u0002"));
        return archive[start..(start + archive.AsSpan(start).IndexOf("PK"u8))];
    }
}
