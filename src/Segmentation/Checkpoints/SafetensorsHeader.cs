using System.Text.Json;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Reads and checks the JSON header of a safetensors file.</summary>
/// <remarks>github.com/huggingface/safetensors, "Format": 8-byte little-endian header length, JSON, data. Unlike the reference, gaps between tensors are allowed.</remarks>
internal static class SafetensorsHeader
{
    /// <summary>Longest header that is read, as in the reference implementation.</summary>
    public const long MaxLength = 100_000_000;

    private const int MaxDimensions = 32;

    /// <param name="json">The header without its length.</param>
    /// <param name="dataStart">Offset of the data in the file.</param>
    /// <param name="fileLength">Length of the file.</param>
    /// <param name="file">Named in errors.</param>
    /// <param name="report">Told that the file is too short for its tensors; where it returns, those that are not wholly there are left out.</param>
    /// <returns>The tensors by offset.</returns>
    /// <exception cref="CheckpointException">The header is no header or makes no sense.</exception>
    public static IReadOnlyList<TensorEntry> Parse(ReadOnlyMemory<byte> json, long dataStart, long fileLength, string file, Action<CheckpointException> report)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{file}: the header is a JSON {document.RootElement.ValueKind}; expected an object of tensors");
            var names = new HashSet<string>();
            var entries = new List<TensorEntry>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                    continue;
                if (!names.Add(property.Name))
                    throw new CheckpointException($"{file}: tensor '{property.Name}' appears twice in the header");
                entries.Add(ParseEntry(property.Name, property.Value, dataStart, fileLength, file));
            }

            LeaveOutTruncated(entries, dataStart, fileLength, file, report);
            entries.Sort((a, b) => (a.Offset, a.Length).CompareTo((b.Offset, b.Length)));
            RefuseOverlap(entries, file);
            return entries;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid UTF-16.
            throw new CheckpointException($"{file}: the header is not valid JSON ({fault.Message}); is this a safetensors file?", fault);
        }
    }

    private static TensorEntry ParseEntry(string name, JsonElement value, long dataStart, long fileLength, string file)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Fault("is not an object with dtype, shape and data_offsets");
        var dtypeName = value.TryGetProperty("dtype", out var dtypeElement) && dtypeElement.ValueKind == JsonValueKind.String ? dtypeElement.GetString() : null;
        if (!SafetensorsDtype.TryParse(dtypeName, out var dtype))
            throw Fault($"has dtype {dtypeName ?? "(none)"}; supported are {SafetensorsDtype.Names}");
        var shape = Numbers("shape", value) ?? throw Fault("has no shape of whole numbers >= 0");
        var offsets = Numbers("data_offsets", value);
        if (offsets is not [var begin, var end] || begin > end)
            throw Fault("has no data_offsets [begin, end] with 0 <= begin <= end");
        if (end > long.MaxValue - dataStart)
            throw Fault($"ends at byte {end} of the data, which no file has");
        if (end <= fileLength - dataStart && (BytesOf(shape, dtype.Value) is not { } expected || expected != end - begin))
            throw Fault($"has {end - begin} bytes, which do not fit {dtypeName} of shape ({string.Join(", ", shape)})");
        return new TensorEntry(name, dtype.Value, shape, dataStart + begin, end - begin);

        CheckpointException Fault(string what) => new($"{file}: tensor '{name}' {what}");
    }

    private static long[]? Numbers(string name, JsonElement value)
    {
        if (!value.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > MaxDimensions)
            return null;
        var numbers = new long[array.GetArrayLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out numbers[i]) || numbers[i] < 0)
                return null;
        }

        return numbers;
    }

    private static long? BytesOf(long[] shape, ScalarType dtype)
    {
        try
        {
            return shape.Aggregate((long)SafetensorsDtype.BytesOf(dtype), (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static void LeaveOutTruncated(List<TensorEntry> entries, long dataStart, long fileLength, string file, Action<CheckpointException> report)
    {
        var beyond = entries.Where(entry => entry.Offset + entry.Length > fileLength).ToList();
        if (beyond.Count == 0)
            return;
        report(new CheckpointException(
            $"{file}: tensor '{beyond[0].Name}' ends at byte {beyond[0].Offset + beyond[0].Length - dataStart} of the data, but the file holds only {fileLength - dataStart}; is the file complete? "
            + $"{beyond.Count} of its {entries.Count} tensors are not wholly there"));
        entries.RemoveAll(entry => entry.Offset + entry.Length > fileLength);
    }

    private static void RefuseOverlap(List<TensorEntry> sorted, string file)
    {
        for (var i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Offset < sorted[i - 1].Offset + sorted[i - 1].Length)
                throw new CheckpointException($"{file}: tensors '{sorted[i - 1].Name}' and '{sorted[i].Name}' overlap");
        }
    }
}
