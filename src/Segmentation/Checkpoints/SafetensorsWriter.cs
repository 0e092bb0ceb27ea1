using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Writes a safetensors file: the same tensors give the same bytes.</summary>
public static class SafetensorsWriter
{
    /// <param name="path">Replaced if it exists, all at once.</param>
    /// <param name="tensors">By name, each in the dtype it is to have in the file (<c>to(bfloat16)</c> before, if wanted).</param>
    /// <exception cref="NotSupportedException">A tensor's dtype has no name in safetensors.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        // Wide types first, as in the reference: then everything is aligned without gaps.
        var ordered = tensors
            .OrderByDescending(pair => SafetensorsDtype.BytesOf(pair.Value.dtype))
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();
        var header = Header(ordered);
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);

        var partial = path + ".partial";
        using (var stream = File.Create(partial))
        {
            stream.Write(prefix);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
            {
                using var scope = NewDisposeScope();
                stream.Write(tensor.cpu().contiguous().bytes);
            }
        }

        File.Move(partial, path, overwrite: true);
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> ordered)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (var (name, tensor) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsDtype.NameOf(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * SafetensorsDtype.BytesOf(tensor.dtype));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }
}
