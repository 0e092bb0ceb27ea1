using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Writes a safetensors file: the same tensors give the same bytes.</summary>
public static class SafetensorsWriter
{
    private const int PrefixLength = 8;
    private const int PieceBytes = 4 << 20;

    /// <param name="path">Replaced if it exists, all at once.</param>
    /// <param name="tensors">By name, each in the dtype it is to have in the file (<c>to(bfloat16)</c> before, if wanted).</param>
    /// <exception cref="NotSupportedException">A tensor's dtype has no name in safetensors.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(path, tensors.Select(pair => new MemoryTensor(pair.Key, pair.Value)), CancellationToken.None);
    }

    /// <summary>Writes tensors as they are read: what is in memory is a few pieces, however large the file is.</summary>
    /// <param name="path">Replaced if it exists, all at once.</param>
    /// <param name="tensors">In any order.</param>
    /// <param name="token">Ends it; the file is then not there.</param>
    internal static void Write(string path, IEnumerable<TensorSource> tensors, CancellationToken token)
    {
        // Wide types first, as in the reference: then everything is aligned without gaps.
        var ordered = tensors
            .OrderByDescending(tensor => SafetensorsDtype.BytesOf(tensor.Dtype))
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToList();
        var partial = path + ".partial";
        using (var file = File.OpenHandle(partial, FileMode.Create, FileAccess.Write))
        {
            var position = WriteHeader(file, ordered);
            foreach (var tensor in ordered)
            {
                WriteTensor(file, position, tensor, token);
                tensor.Release();
                position += tensor.Length;
            }
        }

        File.Move(partial, path, overwrite: true);
    }

    private static long WriteHeader(SafeFileHandle file, List<TensorSource> ordered)
    {
        var header = Header(ordered);
        var prefix = new byte[PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        RandomAccess.Write(file, prefix, 0);
        RandomAccess.Write(file, header, PrefixLength);
        return PrefixLength + header.Length;
    }

    private static void WriteTensor(SafeFileHandle file, long position, TensorSource tensor, CancellationToken token) =>
        Pieces.ForEach(
            tensor.Length,
            PieceBytes,
            (start, length) =>
            {
                var buffer = ArrayPool<byte>.Shared.Rent(length);
                var piece = buffer.AsSpan(0, length);
                tensor.Read(start, piece);
                RandomAccess.Write(file, piece, position + start);
                ArrayPool<byte>.Shared.Return(buffer);
            },
            token);

    private static byte[] Header(List<TensorSource> ordered)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            // Without it transformers refuses the file.
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in ordered)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsDtype.NameOf(tensor.Dtype));
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % PrefixLength != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }
}
