using System.IO.Compression;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A worker's result: mostly sound compression round damaged lines, else a damaged file.</summary>
internal sealed class ShardResultTarget : IFuzzTarget
{
    /// <summary>What deflate can make of a byte.</summary>
    private const long MostExpansion = 1032;

    private static readonly byte[] Whole = ShardResultFile.Write(new ShardResult(
        Guid.Empty,
        3,
        1,
        "worker",
        "1.0",
        [
            new Prediction { Sample = "a", Expression = 0, Variant = 0, Mask = new Rle(2, 2, "04"), Overlap = new MaskOverlap(3, 4), VisualTokens = [4, 4], Tokens = [9, 9], Tflops = 0.5, LlmMilliseconds = 1, TotalMilliseconds = 2 },
            new Prediction { Sample = "a", Expression = 0, Variant = 1, Failure = new PredictionFailure(FaultClass.Poison, "decode", "a.jpg: is empty") },
        ]));

    public string Name => "shard-result";

    public IReadOnlyList<byte[]> Seeds { get; } = [Unpacked(Whole)];

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of([.. Bytes.JsonWords, "\"sample\"", "\"expression\"", "\"mask\"", "\"size\"", "\"failure\"", "\"stages\"", "\"poison\"", "\"predictions\":2147483647", "\n\n", "{\"sample\":\"a\",\"expression\":0,\"variant\":0}\n"]);

    public long MostBytes(int length) => (4 << 20) + (4 * MostExpansion * length);

    public byte[] Dress(byte[] input, Random random)
    {
        if (random.Next(8) == 0)
        {
            var damaged = Whole.ToArray();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            return random.Next(4) == 0 ? damaged[..random.Next(damaged.Length + 1)] : damaged;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(input);
        return packed.ToArray();
    }

    public Reading Read(byte[] input)
    {
        using var stream = new MemoryStream(input);
        ShardResultFile.ReadAsync(stream, "result", CancellationToken.None).GetAwaiter().GetResult();
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    private static byte[] Unpacked(byte[] file)
    {
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
