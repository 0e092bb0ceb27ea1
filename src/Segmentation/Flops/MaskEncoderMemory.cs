using Pipeline.Segmentation.Sam;

namespace Pipeline.Segmentation.Flops;

/// <summary>What SAM's image encoder keeps in memory besides its weights, in bytes.</summary>
public static class MaskEncoderMemory
{
    /// <summary>The most that the tensors of a block hold at one time on a GPU. On a CPU scores are computed in much smaller pieces.</summary>
    /// <remarks>
    /// For n = grid^2 patches of width C and numbers of s bytes, in a block that attends to all of them: ten tensors of n x C (the block's input and its norm, queries, keys and values
    /// as they are made and again by heads, scaled queries, the result), the terms of relative positions (two of heads x n x grid), and scores before and after the softmax,
    /// at most 2^28 at a time.
    /// </remarks>
    /// <param name="grid">Patches along a side.</param>
    /// <param name="width">Of a patch's state.</param>
    /// <param name="heads">Of its attention.</param>
    /// <param name="numberBytes">Size of a number.</param>
    public static long PeakActivations(int grid, int width, int heads, int numberBytes)
    {
        var patches = (long)grid * grid;
        var scores = Math.Min(EncoderAttention.ScoresOnDevice, heads * patches * patches);
        return numberBytes * ((10 * patches * width) + (2 * heads * patches * grid) + (2 * scores));
    }
}
