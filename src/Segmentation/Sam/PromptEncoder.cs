using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Turns points, boxes, masks and text embeddings into tokens and a dense map for the mask decoder.</summary>
/// <remarks>LISA's model/segment_anything/modeling/prompt_encoder.py: SAM's, with <c>text_embeds</c> added behind the other tokens.</remarks>
public sealed class PromptEncoder
{
    private readonly SamConfig config;
    private readonly PositionEmbedding positions;
    private readonly Tensor[] pointEmbeddings;
    private readonly Tensor notAPoint;
    private readonly Tensor noMask;
    private readonly Conv2d maskConv1;
    private readonly LayerNorm2d maskNorm1;
    private readonly Conv2d maskConv2;
    private readonly LayerNorm2d maskNorm2;
    private readonly Conv2d maskConv3;

    /// <param name="weights">View of <c>prompt_encoder</c>.</param>
    /// <param name="config">Sizes that the weights do not tell.</param>
    public PromptEncoder(Weights weights, SamConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        this.config = config;
        positions = new PositionEmbedding(weights["pe_layer"]);
        noMask = weights.Get("no_mask_embed.weight", 1, -1);
        Channels = (int)noMask.shape[1];
        notAPoint = weights.Get("not_a_point_embed.weight", 1, Channels);
        pointEmbeddings = [.. Enumerable.Range(0, 4).Select(i => weights["point_embeddings"][i].Get("weight", 1, Channels))];
        var masks = weights["mask_downscaling"];
        maskConv1 = new Conv2d(masks[0], stride: 2);
        maskNorm1 = new LayerNorm2d(masks[1]);
        maskConv2 = new Conv2d(masks[3], stride: 2);
        maskNorm2 = new LayerNorm2d(masks[4]);
        maskConv3 = new Conv2d(masks[6]);
        // The matrix behind them is a constant, never trained.
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        DensePositions = weights.Keep(positions.Grid(config.GridSize));
    }

    /// <summary>Width of a token.</summary>
    public int Channels { get; }

    /// <summary>Positions of the image embedding's cells, (1, C, grid, grid).</summary>
    public Tensor DensePositions { get; }

    /// <returns>
    /// Tokens (N, T, C) in the order points, boxes, text; and a dense map (N, C, grid, grid), or (1, C, grid, grid) for all when there are no masks.
    /// </returns>
    public (Tensor Sparse, Tensor Dense) Forward(Prompts prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        using var scope = NewDisposeScope();
        var tokens = new List<Tensor>();
        if (prompts.Points is { } points)
            tokens.Add(Points(points, prompts.Labels ?? throw new ArgumentException("points need labels", nameof(prompts)), pad: prompts.Boxes is null));
        if (prompts.Boxes is { } boxes)
            tokens.Add(Boxes(boxes));
        if (prompts.TextEmbeddings is { } text)
            tokens.Add(text);
        var sparse = tokens.Count > 0
            ? cat(tokens, 1)
            : empty([prompts.Masks?.shape[0] ?? 1, 0, Channels], noMask.dtype, noMask.device);
        var dense = prompts.Masks is { } masks
            ? Masks(masks)
            : noMask.view(1, -1, 1, 1).expand(1, Channels, config.GridSize, config.GridSize);
        return (sparse.MoveToOuterDisposeScope(), dense.MoveToOuterDisposeScope());
    }

    private Tensor Points(Tensor points, Tensor labels, bool pad)
    {
        using var scope = NewDisposeScope();
        points = points + 0.5;
        if (pad)
        {
            var count = points.shape[0];
            points = cat([points, zeros([count, 1, 2], points.dtype, points.device)], 1);
            labels = cat([labels, full([count, 1], -1, labels.dtype, labels.device)], 1);
        }

        var kind = labels.unsqueeze(-1);
        var encoded = positions.Encode(points / config.ImageSize);
        encoded = where(kind.eq(-1), notAPoint, encoded);
        encoded = where(kind.eq(0), encoded + pointEmbeddings[0], encoded);
        return where(kind.eq(1), encoded + pointEmbeddings[1], encoded).MoveToOuterDisposeScope();
    }

    private Tensor Boxes(Tensor boxes)
    {
        using var scope = NewDisposeScope();
        var corners = positions.Encode((boxes + 0.5).view(-1, 2, 2) / config.ImageSize);
        return (corners + cat([pointEmbeddings[2], pointEmbeddings[3]])).MoveToOuterDisposeScope();
    }

    private Tensor Masks(Tensor masks)
    {
        using var scope = NewDisposeScope();
        var half = Activation.Gelu(maskNorm1.Forward(maskConv1.Forward(masks)));
        var quarter = Activation.Gelu(maskNorm2.Forward(maskConv2.Forward(half)));
        return maskConv3.Forward(quarter).MoveToOuterDisposeScope();
    }
}
