using System.Security.Cryptography;
using System.Text.Json;

namespace Pipeline.Contracts.Results;

/// <summary>One hash over a run's predictions without their times: equal digests mean the same masks, overlaps, tokens and failures, bit for bit.</summary>
public sealed class PredictionDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds one prediction. The order counts: manifest order, then expression, then variant.</summary>
    public void Add(Prediction prediction)
    {
        var timeless = prediction with { LlmMilliseconds = 0, TotalMilliseconds = 0 };
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(timeless, ContractsJson.Options));
        hash.AppendData("\n"u8);
    }

    /// <returns>SHA-256 over all predictions so far, lower-case hex.</returns>
    public string Value() => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <returns>The digest of these predictions, in this order.</returns>
    public static string Of(IEnumerable<Prediction> predictions)
    {
        using var digest = new PredictionDigest();
        foreach (var prediction in predictions)
            digest.Add(prediction);
        return digest.Value();
    }

    public void Dispose() => hash.Dispose();
}
