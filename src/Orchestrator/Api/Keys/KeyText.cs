using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>The text of a key: 256 random bits, so that a plain SHA-256 keeps it as well as a slow hash would.</summary>
public static class KeyText
{
    /// <summary>So that a key is known for one wherever it turns up.</summary>
    public const string Prefix = "plk_";

    /// <returns>A new key; it is kept nowhere.</returns>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>What is kept of it, lower-case hex.</returns>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
