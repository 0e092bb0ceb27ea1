using Pipeline.Evaluation;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>The masks of generated answers: none, one or several each.</summary>
internal static class AnswerMasks
{
    // An answer may ask for as many masks as it has tokens, and each is as large as the image.
    private const int AtOnce = 16;

    /// <param name="network">Made the states.</param>
    /// <param name="image">Encoded by it.</param>
    /// <param name="answers">With the states of their [SEG].</param>
    /// <returns>For each answer the union of its masks, height x width, row-major, 0 or 1; and its masks one by one when there are several.</returns>
    public static IReadOnlyList<(byte[] Union, IReadOnlyList<Rle>? Masks)> Of(LisaNetwork network, EncodedImage image, IReadOnlyList<GreedyAnswer> answers)
    {
        var (height, width) = image.Original;
        var unions = answers.Select(_ => new byte[height * width]).ToArray();
        var masks = answers.Select(answer => answer.SegTokens.Count > 1 ? new List<Rle>() : null).ToArray();
        int[] owners = [.. answers.SelectMany((answer, i) => Enumerable.Repeat(i, answer.SegTokens.Count))];
        if (owners.Length > 0)
        {
            using var scope = NewDisposeScope();
            var prompts = network.MaskPrompts(cat([.. answers.Where(answer => answer.SegStates is not null).Select(answer => answer.SegStates!)]));
            for (var first = 0; first < owners.Length; first += AtOnce)
            {
                using var part = NewDisposeScope();
                var count = Math.Min(AtOnce, owners.Length - first);
                var pixels = network.Sam.Segment(image.Embedding, prompts.narrow(0, first, count), image.Resized, image.Original).gt(0).to(ScalarType.Byte).cpu();
                for (var i = 0; i < count; i++)
                    Add(pixels.select(0, i).bytes, owners[first + i]);
            }
        }

        return [.. unions.Zip(masks, (union, several) => (union, (IReadOnlyList<Rle>?)several))];

        void Add(ReadOnlySpan<byte> mask, int owner)
        {
            masks[owner]?.Add(Rle.Encode(mask, height, width));
            var union = unions[owner];
            for (var pixel = 0; pixel < union.Length; pixel++)
                union[pixel] |= mask[pixel];
        }
    }
}
