using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Puts an image's visual tokens in place of the image token of conversations.</summary>
/// <remarks>LISA's model/llava/model/llava_arch.py, prepare_inputs_labels_for_multimodal, with mm_use_im_start_end.</remarks>
public static class ImageSplice
{
    /// <summary>Stands for the image among token ids.</summary>
    public const int ImageToken = -200;

    /// <summary>Where everything stands once the image is spliced in. The state that predicts a [SEG] is the one right before it.</summary>
    /// <param name="rows">Conversations about one image.</param>
    /// <param name="visualTokens">Visual tokens of the image.</param>
    /// <param name="segToken">Id of [SEG].</param>
    /// <exception cref="ArgumentException">A conversation holds not exactly one image, or at another place than the others.</exception>
    public static SequenceLayout Layout(IReadOnlyList<TokenRow> rows, int visualTokens, int segToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var start = ImageIndex(rows[0]);
        if (rows.Any(row => ImageIndex(row) != start))
            throw new ArgumentException("the image stands at different places in the conversations of one batch", nameof(rows));
        return new SequenceLayout(start, visualTokens, [.. rows.Select(row => new SequenceRow(
            row.Ids.Count - 1 + visualTokens,
            Spliced(row.LastInstruction),
            [.. Enumerable.Range(1, row.Ids.Count - 1).Where(i => row.Ids[i] == segToken).Select(i => Spliced(i) - 1)]))]);

        int Spliced(int index) => index < start ? index : index - 1 + visualTokens;
    }

    /// <param name="language">Gives the embeddings of text tokens.</param>
    /// <param name="rows">Conversations, padded on the right with token 0.</param>
    /// <param name="visual">(1, N, d): visual tokens, the same for all.</param>
    /// <returns>(B, longest - 1 + N, d).</returns>
    public static Tensor Embed(LlamaModel language, IReadOnlyList<TokenRow> rows, Tensor visual)
    {
        ArgumentNullException.ThrowIfNull(language);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(visual);
        using var scope = NewDisposeScope();
        var (start, length) = (ImageIndex(rows[0]), rows.Max(row => row.Ids.Count));
        var ids = new long[rows.Count * length];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < rows[row].Ids.Count; i++)
                ids[(row * length) + i] = Math.Max(rows[row].Ids[i], 0);
        }

        var text = language.Embed(tensor(ids, [rows.Count, length], device: language.Device));
        return cat([text.narrow(1, 0, start), visual.expand(rows.Count, -1, -1), text.narrow(1, start + 1, length - start - 1)], 1)
            .MoveToOuterDisposeScope();
    }

    private static int ImageIndex(TokenRow row)
    {
        var places = Enumerable.Range(0, row.Ids.Count).Where(i => row.Ids[i] == ImageToken).ToList();
        return places.Count == 1 ? places[0] : throw new ArgumentException($"a conversation holds {places.Count} images; expected one");
    }
}
