using System.Numerics;
using System.Runtime.InteropServices;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>The least and the greatest of an image's samples, all channels together: SLIC stretches images to 0 to 1 by it.</summary>
internal readonly record struct ByteRange(byte Least, byte Greatest)
{
    /// <param name="samples">At least one.</param>
    public static ByteRange Of(ReadOnlySpan<byte> samples)
    {
        var least = new Vector<byte>(samples[0]);
        var greatest = least;
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(samples);
        foreach (var vector in vectors) (least, greatest) = (Vector.Min(least, vector), Vector.Max(greatest, vector));
        var range = new ByteRange(samples[0], samples[0]);
        for (var lane = 0; lane < Vector<byte>.Count; lane++) range = range.With(least[lane]).With(greatest[lane]);
        foreach (var sample in samples[(vectors.Length * Vector<byte>.Count)..]) range = range.With(sample);
        return range;
    }

    private ByteRange With(byte sample) => new(Math.Min(Least, sample), Math.Max(Greatest, sample));
}
