using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Contracts.Manifests;

/// <summary>A Bloom filter over sample ids: never misses a repeated one, suspects a new one about once in ten million, and does not grow.</summary>
internal sealed class SeenIds
{
    private const int Probes = 8;
    private const long LeastBytesPerLine = 64;
    private const long BitsPerLine = 48;
    private const long MostBits = 1L << 32;

    private readonly ulong[] words;

    /// <param name="fileBytes">Length of the manifest, from which the number of lines is bounded.</param>
    public SeenIds(long fileBytes)
    {
        var bits = Math.Clamp(fileBytes / LeastBytesPerLine * BitsPerLine, 1 << 16, MostBits);
        words = new ulong[(bits + 63) / 64];
    }

    public bool MayHave(string id)
    {
        var (first, step) = Hash(id);
        for (var probe = 0; probe < Probes; probe++)
        {
            var (word, bit) = Place(first, step, probe);
            if ((words[word] & bit) == 0)
                return false;
        }

        return true;
    }

    public void Add(string id)
    {
        var (first, step) = Hash(id);
        for (var probe = 0; probe < Probes; probe++)
        {
            var (word, bit) = Place(first, step, probe);
            words[word] |= bit;
        }
    }

    private (ulong Word, ulong Bit) Place(ulong first, ulong step, int probe)
    {
        var position = unchecked(first + (step * (ulong)probe)) % ((ulong)words.LongLength * 64);
        return (position / 64, 1UL << (int)(position % 64));
    }

    private static (ulong First, ulong Step) Hash(string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return (BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8) | 1);
    }
}
