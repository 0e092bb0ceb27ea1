using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Files;

namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>The keys that are good at this moment. The file is read again when it changes; one that cannot be read lets nobody in.</summary>
internal sealed partial class KeyRing(IOptions<ApiOptions> options, TimeProvider time, ILogger<KeyRing> log)
{
    private readonly Lock gate = new();
    private IReadOnlyList<ApiKey> keys = [];
    private FileStamp? stamp;

    /// <summary>Requests need a key.</summary>
    public bool Required => options.Value.KeysFile is not null;

    /// <returns>The key, or null for one that is unknown, revoked or expired.</returns>
    /// <remarks>Every kept hash is compared in full, so that the time says nothing about which one was near.</remarks>
    public ApiKey? Find(string text)
    {
        var presented = Encoding.ASCII.GetBytes(KeyText.Hash(text));
        ApiKey? found = null;
        foreach (var key in Current())
        {
            if (CryptographicOperations.FixedTimeEquals(presented, Encoding.ASCII.GetBytes(key.Sha256)))
                found = key;
        }

        return found?.IsGood(time.GetUtcNow()) == true ? found : null;
    }

    private IReadOnlyList<ApiKey> Current()
    {
        var path = Path.GetFullPath(options.Value.KeysFile!);
        lock (gate)
        {
            var now = FileStamp.Of(path);
            if (now == stamp && now is not null)
                return keys;
            try
            {
                (keys, stamp) = (KeyFile.Read(path), now);
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                (keys, stamp) = ([], null);
                LogUnreadable(path, fault.Message);
            }

            return keys;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys in {Path} cannot be read, so no key is accepted: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
