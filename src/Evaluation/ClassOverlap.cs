using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Evaluation;

/// <summary>Overlap of a prediction with the truth for both classes.</summary>
/// <param name="Background">Class 0.</param>
/// <param name="Target">Class 1, the object.</param>
public sealed record ClassOverlap(MaskOverlap Background, MaskOverlap Target)
{
    private const byte Ignored = 255;

    /// <summary>Counts as LISA validates.</summary>
    /// <remarks>
    /// LISA utils/utils.py, intersectionAndUnionGPU, K = 2, ignore 255: a pixel whose truth is 255 counts nowhere; one whose truth is
    /// neither 0, 1 nor 255 (overlapping polygons that were summed) is of neither class but its prediction still counts towards the union.
    /// </remarks>
    /// <param name="prediction">0 or 1 per pixel; other values are of neither class.</param>
    /// <param name="truth">0 or 1 per pixel, 255 ignored.</param>
    /// <exception cref="ArgumentException">The masks have different lengths.</exception>
    public static ClassOverlap Measure(ReadOnlySpan<byte> prediction, ReadOnlySpan<byte> truth)
    {
        if (prediction.Length != truth.Length)
            throw new ArgumentException($"A prediction of {prediction.Length} pixels cannot be compared with a truth of {truth.Length}.", nameof(truth));
        long predictedBackground = 0, predictedTarget = 0, trueBackground = 0, trueTarget = 0, sharedBackground = 0, sharedTarget = 0;
        ref var predictions = ref MemoryMarshal.GetReference(prediction);
        ref var truths = ref MemoryMarshal.GetReference(truth);
        var at = 0;
        for (; at <= truth.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var p = Vector256.LoadUnsafe(ref predictions, (nuint)at);
            var t = Vector256.LoadUnsafe(ref truths, (nuint)at);
            var counted = ~Bits(t, Ignored);
            uint p0 = Bits(p, 0) & counted, p1 = Bits(p, 1) & counted, t0 = Bits(t, 0), t1 = Bits(t, 1);
            predictedBackground += BitOperations.PopCount(p0);
            predictedTarget += BitOperations.PopCount(p1);
            trueBackground += BitOperations.PopCount(t0);
            trueTarget += BitOperations.PopCount(t1);
            sharedBackground += BitOperations.PopCount(p0 & t0);
            sharedTarget += BitOperations.PopCount(p1 & t1);
        }

        for (; at < truth.Length; at++)
        {
            byte p = prediction[at], t = truth[at];
            predictedBackground += p == 0 && t != Ignored ? 1 : 0;
            predictedTarget += p == 1 && t != Ignored ? 1 : 0;
            trueBackground += t == 0 ? 1 : 0;
            trueTarget += t == 1 ? 1 : 0;
            sharedBackground += p == 0 && t == 0 ? 1 : 0;
            sharedTarget += p == 1 && t == 1 ? 1 : 0;
        }

        return new ClassOverlap(
            new MaskOverlap(sharedBackground, predictedBackground + trueBackground - sharedBackground),
            new MaskOverlap(sharedTarget, predictedTarget + trueTarget - sharedTarget));
    }

    private static uint Bits(Vector256<byte> values, byte value) => Vector256.Equals(values, Vector256.Create(value)).ExtractMostSignificantBits();
}
