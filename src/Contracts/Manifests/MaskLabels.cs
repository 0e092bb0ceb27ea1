using Pipeline.Evaluation;

namespace Pipeline.Contracts.Manifests;

/// <summary>Ground truth as one label a pixel and as a <see cref="MaskSource"/> of run lengths.</summary>
public static class MaskLabels
{
    /// <summary>Of a pixel that counts for nothing.</summary>
    public const byte Ignored = 255;

    /// <summary>Of a pixel that is of neither class, whatever its value was: they all count alike.</summary>
    public const byte Neither = 2;

    /// <param name="labels">Height x width, row-major: 0 background, 1 the object, 255 ignored, others of neither class.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    public static MaskSource Encode(ReadOnlySpan<byte> labels, int height, int width)
    {
        var (anyIgnored, anyNeither) = (labels.Contains(Ignored), labels.ContainsAnyInRange(Neither, (byte)(Ignored - 1)));
        return new MaskSource
        {
            Rle = Where(labels, height, width, label => label is not (0 or Ignored)),
            Ignored = anyIgnored ? Where(labels, height, width, label => label == Ignored) : null,
            Overlapped = anyNeither ? Where(labels, height, width, label => label is >= Neither and < Ignored) : null,
        };
    }

    /// <summary>Sums the parts of an object as bytes, as LISA's reader of RefCOCO does: a pixel of several parts is of neither class.</summary>
    /// <remarks>LISA utils/refer_seg_dataset.py and utils/dataset.py: masks are decoded, summed over parts and cast to uint8, so that 256 parts on a pixel are 0 again.</remarks>
    /// <param name="parts">All of one size, <paramref name="height"/> x <paramref name="width"/>.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    public static MaskSource Sum(IReadOnlyList<Rle> parts, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts is [var only])
            return new MaskSource { Rle = only };
        var sum = new byte[height * width];
        foreach (var part in parts)
        {
            var mask = part.Decode();
            for (var i = 0; i < sum.Length; i++)
                sum[i] = unchecked((byte)(sum[i] + mask[i]));
        }

        return Encode(sum, height, width);
    }

    /// <param name="source">With run lengths.</param>
    /// <returns>Height x width bytes, row-major: 0 background, 1 the object, <see cref="Neither"/> and <see cref="Ignored"/>.</returns>
    /// <exception cref="InvalidDataException">A mask is damaged, or two are of different sizes.</exception>
    public static byte[] Decode(MaskSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var rle = source.Rle ?? throw new ArgumentException("The mask has no run lengths.", nameof(source));
        var labels = rle.Decode();
        Mark(labels, rle, source.Overlapped, Neither);
        Mark(labels, rle, source.Ignored, Ignored);
        return labels;
    }

    private static void Mark(byte[] labels, Rle size, Rle? pixels, byte label)
    {
        if (pixels is null)
            return;
        if (pixels.Height != size.Height || pixels.Width != size.Width)
            throw new InvalidDataException($"a part of the mask is {pixels.Width}x{pixels.Height}, another {size.Width}x{size.Height}");
        var mask = pixels.Decode();
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] != 0)
                labels[i] = label;
        }
    }

    private static Rle Where(ReadOnlySpan<byte> labels, int height, int width, Func<byte, bool> belongs)
    {
        var mask = new byte[labels.Length];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = belongs(labels[i]) ? (byte)1 : (byte)0;
        return Rle.Encode(mask, height, width);
    }
}
