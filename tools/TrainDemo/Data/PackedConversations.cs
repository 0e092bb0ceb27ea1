using Pipeline.Segmentation.Lisa;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Data;

/// <summary>All conversations about one image as one sequence: what they share comes once, and each continues it blind to the others.</summary>
/// <remarks>Equal to as many sequences: positions start again for each conversation, and the mask hides the others.</remarks>
internal sealed record PackedConversations
{
    /// <summary>(1, T) int64: ids before the image, then those after it.</summary>
    public required Tensor Ids { get; init; }

    /// <summary>Where the image stands among them.</summary>
    public required int ImageAt { get; init; }

    /// <summary>(1, n) int64, n = T + visual tokens.</summary>
    public required Tensor Positions { get; init; }

    /// <summary>(1, n, n): added to attention scores.</summary>
    public required Tensor Mask { get; init; }

    /// <summary>(L) int64: rows of the sequence that predict a token of their conversation.</summary>
    public required Tensor Predicting { get; init; }

    /// <summary>(L) int64: those tokens.</summary>
    public required Tensor Predicted { get; init; }

    /// <summary>(N) int64: rows that predict the [SEG] of each conversation.</summary>
    public required Tensor SegRows { get; init; }

    /// <summary>(M) int64: rows of the marked tokens, conversation by conversation.</summary>
    public required Tensor MarkedRows { get; init; }

    /// <param name="rows">N conversations about one image, each with one [SEG].</param>
    /// <param name="visualTokens">Of the image.</param>
    /// <param name="segToken">Id of [SEG].</param>
    /// <param name="answersOnly">Predict the answers, as LISA does, and not the questions too.</param>
    /// <param name="marked">Tokens whose rows are wanted.</param>
    /// <param name="device">Where the tensors go.</param>
    public static PackedConversations Pack(IReadOnlyList<int[]> rows, int visualTokens, int segToken, bool answersOnly, IReadOnlySet<int> marked, Device device)
    {
        var imageAt = Array.IndexOf(rows[0], ImageSplice.ImageToken);
        // The last token of what is shared would have to predict a different token for each conversation, so it stays in each.
        var shared = Math.Max(imageAt + 1, Shared(rows) - 1);
        var prefix = shared - 1 + visualTokens;
        var length = prefix + rows.Sum(row => row.Length - shared);
        List<long> ids = [.. rows[0][..imageAt], .. rows[0][(imageAt + 1)..shared]];
        List<long> predicting = [], predicted = [], segRows = [], markedRows = [];
        var positions = new long[length];
        var mask = new float[length * length];
        Array.Fill(mask, float.MinValue);
        for (var i = 0; i < prefix; i++)
        {
            positions[i] = i;
            mask.AsSpan(i * length, i + 1).Clear();
        }

        var start = prefix;
        foreach (var row in rows)
        {
            var count = row.Length - shared;
            var seg = Array.IndexOf(row, segToken);
            for (var i = 0; i < count; i++)
            {
                var at = start + i;
                var index = shared + i;
                ids.Add(row[index]);
                positions[at] = prefix + i;
                mask.AsSpan(at * length, prefix).Clear();
                mask.AsSpan((at * length) + start, i + 1).Clear();
                if (index + 1 < row.Length && (!answersOnly || index + 1 >= seg))
                {
                    predicting.Add(at);
                    predicted.Add(row[index + 1]);
                }

                if (index + 1 == seg)
                    segRows.Add(at);
                if (marked.Contains(row[index]))
                    markedRows.Add(at);
            }

            start += count;
        }

        return new PackedConversations
        {
            Ids = tensor(ids.ToArray(), [1, ids.Count], device: device),
            ImageAt = imageAt,
            Positions = tensor(positions, [1, length], device: device),
            Mask = tensor(mask, [1, length, length], device: device),
            Predicting = tensor(predicting.ToArray(), device: device),
            Predicted = tensor(predicted.ToArray(), device: device),
            SegRows = tensor(segRows.ToArray(), device: device),
            MarkedRows = tensor(markedRows.ToArray(), device: device),
        };
    }

    private static int Shared(IReadOnlyList<int[]> rows)
    {
        var count = 0;
        while (rows.All(row => count < row.Length && row[count] == rows[0][count]))
            count++;
        return count;
    }
}
