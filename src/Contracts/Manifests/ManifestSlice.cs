using System.Text.Json;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Manifests;

/// <summary>A shard's part of the manifest as bytes: one <see cref="Sample"/> a line, the same bytes for the same samples.</summary>
public static class ManifestSlice
{
    /// <summary>Bytes a slice may have: a worker holds all of it.</summary>
    public const int Largest = 256 << 20;

    private const int LongestLine = 64 * 1024 * 1024;

    /// <exception cref="InvalidDataException">The samples make a slice that is too large.</exception>
    public static byte[] Write(IReadOnlyList<Sample> samples)
    {
        using var bytes = new MemoryStream();
        foreach (var sample in samples)
        {
            JsonSerializer.Serialize(bytes, sample, ContractsJson.Options);
            bytes.WriteByte((byte)'\n');
            if (bytes.Length > Largest)
                throw new InvalidDataException($"dataset: the {samples.Count} samples from '{samples[0].Id}' on make a shard of more than {Largest} bytes; use fewer with shards.samples, or masks as PNG files.");
        }

        return bytes.ToArray();
    }

    /// <param name="name">Of the artifact, for messages.</param>
    /// <exception cref="InvalidDataException">The slice is empty, damaged, cut off or too large; the message names it and the line.</exception>
    public static async Task<IReadOnlyList<Sample>> ReadAsync(Stream stream, string name, CancellationToken token)
    {
        var samples = new List<Sample>();
        await using var limited = new LimitedStream(stream, name, Largest);
        await foreach (var line in JsonLines.ReadAsync(limited, name, LongestLine, token))
        {
            if (!line.Ended)
                throw new InvalidDataException($"{name}:{line.Number}: the slice is cut off inside this line.");
            samples.Add(Parse(line, name));
        }

        return samples.Count > 0 ? samples : throw new InvalidDataException($"{name} holds no sample; a slice has at least one.");
    }

    private static Sample Parse(JsonLines.Line line, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<Sample>(line.Bytes.Span, ContractsJson.Options)
                ?? throw new InvalidDataException($"{name}:{line.Number}: expected a sample, found null.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{name}:{line.Number}: not a sample of a manifest slice: {fault.Message}", fault);
        }
    }
}
