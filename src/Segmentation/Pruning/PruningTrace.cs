using Pipeline.Contracts.Results;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>Which visual tokens one run kept in each stage, for those who want to see them. Costs a copy to the host per stage.</summary>
public sealed class PruningTrace
{
    private readonly List<(int FirstLayer, int[][] Kept)> stages = [];

    /// <returns>The stages of one sequence of the batch, from layer 0 on.</returns>
    public IReadOnlyList<TokenStage> Of(int sequence) => [.. stages.Select(stage => new TokenStage(stage.FirstLayer, stage.Kept[sequence]))];

    /// <param name="firstLayer">The layer about to run.</param>
    /// <param name="tokens">(B, k) int64.</param>
    internal void Add(int firstLayer, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        int[] flat = [.. tokens.contiguous().cpu().data<long>().ToArray().Select(index => (int)index)];
        stages.Add((firstLayer, [.. flat.Chunk((int)tokens.shape[1])]));
    }
}
