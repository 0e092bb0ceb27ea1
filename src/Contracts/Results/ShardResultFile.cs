using System.IO.Compression;
using System.Text.Json;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Results;

/// <summary>A <see cref="ShardResult"/> as bytes: gzip over JSON lines, a header with the number of predictions, then one prediction a line.</summary>
/// <remarks>Equal results give equal bytes; two runs differ only in their times.</remarks>
public static class ShardResultFile
{
    /// <summary>Name and version of the format.</summary>
    public const string Format = "pipeline.shard-result/1";

    /// <summary>Bytes a result may have when it is unpacked: few packed ones can become a thousand times as many.</summary>
    public const long LargestUnpacked = 2L << 30;

    /// <summary>Bytes a result may have as it is stored.</summary>
    public const int Largest = 1 << 30;

    private const int LongestLine = 64 * 1024 * 1024;

    public static byte[] Write(ShardResult result)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            var header = new ShardResultHeader(
                Format, result.Job, result.Shard, result.Attempt, result.Worker, result.CodeVersion, result.Predictions.Count);
            WriteLine(gzip, header);
            foreach (var prediction in result.Predictions)
                WriteLine(gzip, prediction);
        }

        return bytes.ToArray();
    }

    /// <param name="name">Of the artifact, for messages.</param>
    /// <exception cref="InvalidDataException">The file is no shard result, is damaged, cut off, too large or holds another number of predictions than it says; the message names it and the line.</exception>
    public static Task<ShardResult> ReadAsync(Stream stream, string name, CancellationToken token) => ReadAsync(stream, name, int.MaxValue, token);

    /// <param name="most">Predictions it may hold; one that promises more is not read on.</param>
    /// <inheritdoc cref="ReadAsync(Stream, string, CancellationToken)"/>
    public static async Task<ShardResult> ReadAsync(Stream stream, string name, int most, CancellationToken token)
    {
        ShardResultHeader? header = null;
        var predictions = new List<Prediction>();
        var sample = "";
        await using var gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        await using var limited = new LimitedStream(gzip, name, LargestUnpacked);
        try
        {
            await foreach (var line in JsonLines.ReadAsync(limited, name, LongestLine, token))
            {
                if (!line.Ended)
                    throw new InvalidDataException($"{name}:{line.Number}: the shard result is cut off inside this line.");
                if (header is null)
                    header = ParseHeader(line, name, most);
                else if (predictions.Count == header.Predictions)
                    throw new InvalidDataException($"{name}:{line.Number}: its header promises {header.Predictions} predictions, and here is another line.");
                else
                    predictions.Add(PredictionJson.TryRead(line.Bytes.Span, ref sample) ?? Parse<Prediction>(line, name, "a prediction"));
            }
        }
        catch (InvalidDataException fault) when (!fault.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} is damaged or cut off: {fault.Message}", fault);
        }

        if (header is null)
            throw new InvalidDataException($"{name} is empty; expected a shard result with its header.");
        if (predictions.Count != header.Predictions)
            throw new InvalidDataException($"{name} is incomplete: its header promises {header.Predictions} predictions, it holds {predictions.Count}.");
        return new ShardResult(header.Job, header.Shard, header.Attempt, header.Worker, header.CodeVersion, predictions);
    }

    private static void WriteLine<T>(Stream stream, T value)
    {
        JsonSerializer.Serialize(stream, value, ContractsJson.Options);
        stream.WriteByte((byte)'\n');
    }

    private static ShardResultHeader ParseHeader(JsonLines.Line line, string name, int most)
    {
        var header = Parse<ShardResultHeader>(line, name, "the header of a shard result");
        if (header.Format != Format)
            throw new InvalidDataException($"{name}:{line.Number}: the format is '{header.Format}'; this version reads '{Format}'.");
        return header.Predictions <= most
            ? header
            : throw new InvalidDataException($"{name}:{line.Number}: promises {header.Predictions} predictions; its shard has {most}.");
    }

    private static T Parse<T>(JsonLines.Line line, string name, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line.Bytes.Span, ContractsJson.Options)
                ?? throw new InvalidDataException($"{name}:{line.Number}: expected {what}, found null.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{name}:{line.Number}: not {what}: {fault.Message}", fault);
        }
    }
}
