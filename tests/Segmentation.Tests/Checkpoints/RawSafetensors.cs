using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Segmentation.Tests.Checkpoints;

/// <summary>Files put together byte by byte, right or wrong.</summary>
internal static class RawSafetensors
{
    /// <param name="header">JSON, or anything else.</param>
    /// <param name="data">Follows the header.</param>
    /// <param name="claimedLength">What the file says of its header's length; the truth by default.</param>
    public static byte[] Bytes(string header, byte[] data, ulong? claimedLength = null)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, claimedLength ?? (ulong)text.Length);
        return [.. prefix, .. text, .. data];
    }
}
