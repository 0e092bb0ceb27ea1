using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Farthest-point selection: every kept token is the one least like those kept before it, in what it shows and where it stands.</summary>
/// <remarks>
/// The greedy 2-approximation of k-center (Gonzalez 1985) over features with positions, as EVTP-IV (arXiv 2508.11886) prunes. Its settings could not be
/// had, so these are ours: visual tokens as they enter the model, scaled to length 1, beside grid coordinates in units of the longer side, times a
/// weight; the first token is the one nearest to the mean; of equally far ones the first in raster order. Positions stay.
/// </remarks>
public sealed class KCenter(KCenterOptions options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var budget = options.KeptFrom(options.Layer, model);
        return budget == model.VisualTokens ? [] : [new PruningStep(options.Layer, budget, null, context => Select(context, model, budget))];
    }

    private VisualSelection Select(PruningContext context, ModelShape model, int budget)
    {
        var (batch, total) = ((int)context.Tokens.shape[0], context.Layout.VisualTokens);
        var features = nn.functional.normalize(context.VisualEmbeddings.detach().to(ScalarType.Float32), dim: -1);
        var unit = options.PositionWeight / Math.Max(model.GridHeight, model.GridWidth);
        // One product on the device; the choices, which wait for each other, on the host. The features' squared lengths, 1 each, change no comparison.
        var distances = ((Grid(model, features.device) * (unit * unit)) - (features.bmm(features.transpose(1, 2)) * 2)).cpu().contiguous().data<float>().ToArray();
        var chosen = new long[batch * budget];
        for (var row = 0; row < batch; row++)
            Spread(distances.AsSpan(row * total * total, total * total), chosen.AsSpan(row * budget, budget));
        return new VisualSelection(tensor(chosen, [batch, budget], device: context.Hidden.device));
    }

    /// <returns>(N, N): squared distances between visual tokens on the grid, exact.</returns>
    private static Tensor Grid(ModelShape model, Device device)
    {
        float[] places = [.. Enumerable.Range(0, model.VisualTokens).SelectMany(token => (float[])[token / model.GridWidth, token % model.GridWidth])];
        var points = tensor(places, [model.VisualTokens, 2], device: device);
        return (points.unsqueeze(0) - points.unsqueeze(1)).square().sum(-1);
    }

    /// <param name="distances">Squared, N x N, less a constant.</param>
    /// <param name="chosen">Filled with indices, ascending.</param>
    private static void Spread(ReadOnlySpan<float> distances, Span<long> chosen)
    {
        var total = (int)Math.Sqrt(distances.Length);
        var nearest = new float[total];
        Array.Fill(nearest, float.PositiveInfinity);
        var next = Central(distances, total);
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = next;
            var row = distances.Slice(next * total, total);
            nearest[next] = float.NegativeInfinity;
            var farthest = 0;
            for (var token = 0; token < total; token++)
            {
                if (row[token] < nearest[token]) nearest[token] = row[token];
                if (nearest[token] > nearest[farthest]) farthest = token;
            }

            next = farthest;
        }

        chosen.Sort();
    }

    /// <summary>The token nearest to the mean, which is the one with the least sum of squared distances to all.</summary>
    private static int Central(ReadOnlySpan<float> distances, int total)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var token = 0; token < total; token++)
        {
            var sum = 0.0;
            foreach (var distance in distances.Slice(token * total, total)) sum += distance;
            if (sum < least) (best, least) = (token, sum);
        }

        return best;
    }
}
