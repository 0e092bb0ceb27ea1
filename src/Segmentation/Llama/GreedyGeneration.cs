using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Greedy decoding with a cache: the likeliest token at every step.</summary>
/// <remarks>transformers 4.31 greedy_search: ends with the end token, which is part of the result, or after a number of tokens.</remarks>
public static class GreedyGeneration
{
    /// <param name="model">The decoder.</param>
    /// <param name="embeddings">(1, n, d), the prompt.</param>
    /// <param name="maxNewTokens">At least 1.</param>
    /// <param name="endToken">Stops after this token; never when null.</param>
    public static Generation Run(LlamaModel model, Tensor embeddings, int maxNewTokens, int? endToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNewTokens, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(embeddings.shape[0], 1);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(model.Layers.Count);
        var tokens = new List<int>();
        var logits = new List<Tensor>();
        var input = embeddings;
        while (true)
        {
            using var step = NewDisposeScope();
            var start = cache[0].Length;
            var positions = arange(start, start + input.shape[1], ScalarType.Int64, model.Device).unsqueeze(0);
            var hidden = model.Forward(input, positions, cache: cache);
            var scores = model.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1)).view(1, -1);
            logits.Add(scores.MoveToOuterDisposeScope());
            var token = scores.argmax(-1);
            tokens.Add((int)token.item<long>());
            if (tokens.Count == maxNewTokens || tokens[^1] == endToken) break;
            input = model.Embed(token.view(1, 1)).MoveToOuterDisposeScope();
        }

        return new Generation(tokens, cat([.. logits], 0).MoveToOuterDisposeScope());
    }
}
