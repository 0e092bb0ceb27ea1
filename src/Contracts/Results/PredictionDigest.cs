using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pipeline.Contracts.Results;

/// <summary>One number over predictions without their times and stages: equal digests mean the same masks, overlaps, tokens and failures, bit for bit.</summary>
/// <remarks>
/// The sum, modulo 2^256, of each prediction's SHA-256. So neither the order counts nor how a manifest is cut into shards, and digests of parts
/// merge by addition. It tells runs apart; it is no signature.
/// </remarks>
public sealed class PredictionDigest
{
    /// <summary>Length of <see cref="ToBytes"/>.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private readonly byte[] sum = new byte[Size];

    public void Add(Prediction prediction)
    {
        // Stages follow from what else is there, and whether they are there from how many samples the report shows.
        var essence = prediction with { LlmMilliseconds = 0, TotalMilliseconds = 0, Stages = null };
        Merge(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(essence, ContractsJson.Options)));
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
}
