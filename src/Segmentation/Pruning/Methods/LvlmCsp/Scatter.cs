using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>All visual tokens come back: the representatives as they are by now, the others by <see cref="Scattering"/>.</summary>
internal static class Scatter
{
    /// <param name="options">How.</param>
    /// <param name="model">Its grid of visual tokens.</param>
    /// <param name="context">Where only the representatives are present.</param>
    /// <returns>All N tokens with their hidden states.</returns>
    public static VisualSelection All(LvlmCspOptions options, ModelShape model, PruningContext context)
    {
        var (embeddings, states) = (context.VisualEmbeddings, context.VisualHidden);
        var (batch, tokens, size) = (embeddings.shape[0], embeddings.shape[1], embeddings.shape[2]);
        var representatives = context.Tokens.unsqueeze(-1).expand(batch, context.VisualTokens, size);
        var comeBack = embeddings;
        if (options.Scattering == Scattering.Delta)
        {
            var learnt = states - embeddings.gather(1, representatives);
            var follows = options.Nearest == Neighbourhood.Grid ? NearestOnGrid(context.Tokens, model) : MostAlike(embeddings, representatives);
            comeBack = embeddings + learnt.gather(1, follows.unsqueeze(-1).expand(batch, tokens, size));
        }

        var all = arange(tokens, ScalarType.Int64, embeddings.device).unsqueeze(0).expand(batch, tokens);
        return new VisualSelection(all, comeBack.scatter(1, representatives, states));
    }

    /// <param name="representatives">(B, N_c), the same in every row.</param>
    /// <param name="model">Its grid.</param>
    /// <returns>(B, N): for each token, which of the representatives is nearest.</returns>
    private static Tensor NearestOnGrid(Tensor representatives, ModelShape model)
    {
        var places = representatives[0].cpu().contiguous().data<long>().ToArray();
        long[] nearest = [.. Enumerable.Range(0, model.VisualTokens).Select(token => (long)Nearest(token, places, model.GridWidth))];
        return tensor(nearest, [1, nearest.Length], device: representatives.device).expand(representatives.shape[0], nearest.Length);
    }

    private static int Nearest(int token, long[] places, int width)
    {
        var (best, least) = (0, long.MaxValue);
        for (var i = 0; i < places.Length; i++)
        {
            var (down, across) = ((token / width) - (places[i] / width), (token % width) - (places[i] % width));
            var distance = (down * down) + (across * across);
            if (distance < least) (best, least) = (i, distance);
        }

        return best;
    }

    /// <param name="embeddings">(B, N, d).</param>
    /// <param name="representatives">(B, N_c, d), for a gather.</param>
    /// <returns>(B, N): for each token, which of the representatives is most alike.</returns>
    private static Tensor MostAlike(Tensor embeddings, Tensor representatives)
    {
        var directions = nn.functional.normalize(embeddings.detach().to(ScalarType.Float32), dim: -1);
        return directions.matmul(directions.gather(1, representatives).transpose(1, 2)).argmax(-1);
    }
}
