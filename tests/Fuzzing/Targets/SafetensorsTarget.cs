using System.Buffers.Binary;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Tests.Checkpoints;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A safetensors file: opened, and the first bytes of every tensor read.</summary>
internal sealed class SafetensorsTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("model.safetensors");

    public string Name => "safetensors";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        RawSafetensors.Bytes(
            """{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"c":{"dtype":"I64","shape":[],"data_offsets":[24,32]}}""", new byte[32]),
        RawSafetensors.Bytes("""{"e":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"f":{"dtype":"BOOL","shape":[1,1,3],"data_offsets":[0,3]}}   """, [1, 0, 1]),
        RawSafetensors.Bytes("{}", []),
    ];

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [.. Bytes.JsonWords, "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"F16\"", "\"F64\"", "\"I8\"", "\"U64\"", "\"C64\"", "__metadata__", "[0,16]", "[16,0]", "9223372036854775807", "[4294967296,4294967296]"]);

    /// <summary>Mostly the header's length is made to fit what is there.</summary>
    public byte[] Dress(byte[] input, Random random)
    {
        var end = input.AsSpan().LastIndexOf((byte)'}') + 1;
        if (end > sizeof(ulong) && random.Next(4) > 0)
            BinaryPrimitives.WriteInt64LittleEndian(input.AsSpan(), end - sizeof(ulong));
        return input;
    }

    public Reading Read(byte[] input)
    {
        using var tensors = TensorFile.Open(file.Fill(input));
        return TensorReading.Of(tensors, input.Length);
    }

    public bool IsRefusal(Exception fault) => fault is CheckpointException;

    public void Dispose() => file.Dispose();
}
