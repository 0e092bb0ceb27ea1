using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Contracts;
using Pipeline.Contracts.Files;

namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>The keys of an orchestrator in a file that only its owner reads. It is replaced as a whole, so a reader never sees half of it.</summary>
public static partial class KeyFile
{
    private const int LargestFile = 16 << 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no file of keys.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<Content>(PlainFile.Read(path, LargestFile), ContractsJson.Options)?.Keys
                ?? throw new InvalidDataException($"{path} is empty; make it with: pipeline key create");
            return keys.All(key => IsSha256(key.Sha256)) && keys.DistinctBy(key => key.Name).Count() == keys.Count
                ? keys
                : throw new InvalidDataException($"{path} holds a name twice, or what is no SHA-256; make it with: pipeline key create");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is no file of keys: {fault.Message}", fault);
        }
    }

    /// <summary>Makes a key and enters it; a file that is not there yet is made.</summary>
    /// <param name="lifetime">Null for a key that does not expire.</param>
    /// <returns>The key's text, which can never be had again.</returns>
    /// <exception cref="InvalidDataException">The name is taken or is no name.</exception>
    public static string Create(string path, string name, ApiScope scope, TimeSpan? lifetime, DateTimeOffset now)
    {
        if (!Name().IsMatch(name))
            throw new InvalidDataException($"'{name}' is no name for a key; use letters, digits, '-', '_' and '.', at most 64.");
        var known = File.Exists(path) ? Read(path) : [];
        if (known.Any(key => key.Name == name))
            throw new InvalidDataException($"{path} holds a key '{name}' already; give another name, or one such as '{name}-2'.");
        var text = KeyText.New();
        Write(path, [.. known, new ApiKey(name, scope, KeyText.Hash(text), now) { ExpiresAt = now + lifetime }]);
        return text;
    }

    /// <summary>Refuses a key from now on; it stays in the file, so that its name is not given again.</summary>
    /// <returns>False for a key that was revoked before.</returns>
    /// <exception cref="InvalidDataException">There is no key of that name.</exception>
    public static bool Revoke(string path, string name, DateTimeOffset now)
    {
        var keys = Read(path);
        var revoked = keys.FirstOrDefault(key => key.Name == name)
            ?? throw new InvalidDataException($"{path} holds no key '{name}'; 'pipeline key list' shows those it holds.");
        if (revoked.RevokedAt is not null)
            return false;
        Write(path, [.. keys.Select(key => key == revoked ? key with { RevokedAt = now } : key)]);
        return true;
    }

    private static void Write(string path, IReadOnlyList<ApiKey> keys)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Path.GetRandomFileName()}";
        var owned = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            owned.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(aside, owned))
        {
            JsonSerializer.Serialize(file, new Content(keys), ContractsJson.Indented);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    private static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private sealed record Content(IReadOnlyList<ApiKey> Keys);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
