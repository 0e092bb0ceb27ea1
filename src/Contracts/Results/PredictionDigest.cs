using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pipeline.Contracts.Results;

/// <summary>One number over predictions without their times and stages: equal digests mean the same masks, answers, overlaps, tokens and failures, bit for bit.</summary>
/// <remarks>
/// The sum, modulo 2^256, of each prediction's SHA-256. So neither the order counts nor how a manifest is cut into shards, and digests of parts
/// merge by addition. It tells runs apart; it is no signature.
/// </remarks>
public sealed class PredictionDigest
{
    /// <summary>Length of <see cref="ToBytes"/>.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private readonly byte[] sum = new byte[Size];
    private readonly ArrayBufferWriter<byte> essence = new(1024);
    private Utf8JsonWriter? writer;

    public void Add(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(prediction is { Failure: null, Answer: null } ? Write(prediction) : Serialize(prediction), hash);
        Merge(hash);
    }

    /// <summary>Adds the predictions of another digest.</summary>
    /// <param name="digest">What <see cref="ToBytes"/> gave.</param>
    public void Merge(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Size)
            throw new InvalidDataException($"A digest of predictions has {Size} bytes; this one has {digest.Length}.");
        UInt128 carry = 0;
        for (var at = Size - sizeof(ulong); at >= 0; at -= sizeof(ulong))
        {
            carry += (UInt128)BinaryPrimitives.ReadUInt64BigEndian(sum.AsSpan(at)) + BinaryPrimitives.ReadUInt64BigEndian(digest[at..]);
            BinaryPrimitives.WriteUInt64BigEndian(sum.AsSpan(at), (ulong)carry);
            carry >>= 64;
        }
    }

    public byte[] ToBytes() => [.. sum];

    /// <returns>Lower-case hex.</returns>
    public override string ToString() => Convert.ToHexStringLower(sum);

    public static PredictionDigest Of(IEnumerable<Prediction> predictions)
    {
        var digest = new PredictionDigest();
        foreach (var prediction in predictions)
            digest.Add(prediction);
        return digest;
    }

    /// <summary>Stages follow from what else is there, and whether they are there from how many samples the report shows.</summary>
    private static byte[] Serialize(Prediction prediction) =>
        JsonSerializer.SerializeToUtf8Bytes(
            prediction with
            {
                LlmMilliseconds = 0,
                TotalMilliseconds = 0,
                Stages = null,
                Answer = prediction.Answer is { } answer ? answer with { DecodeMilliseconds = 0 } : null,
            },
            ContractsJson.Options);

    /// <summary>The same bytes without reflection, for the many that succeed with a forced answer.</summary>
    private ReadOnlySpan<byte> Write(Prediction prediction)
    {
        essence.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(essence, new JsonWriterOptions { Encoder = ContractsJson.Options.Encoder, SkipValidation = true });
        writer.Reset();
        PredictionJson.WriteEssence(writer, prediction);
        writer.Flush();
        return essence.WrittenSpan;
    }
}
