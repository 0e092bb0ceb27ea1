using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>What a method may know about the image besides its visual tokens. What costs something is computed when it is first asked for, once, and then kept.</summary>
/// <param name="key">Follows from the image's pixels alone, so that seeded choices differ between images and repeat for one.</param>
public sealed class ImageEvidence(ulong key) : IDisposable
{
    private readonly Dictionary<SlicOptions, LabelMap> superpixels = [];
    private readonly Dictionary<(SlicOptions Options, int Height, int Width), IReadOnlyList<IReadOnlyList<int>>> regions = [];
    private Tensor? classAttention;

    public ulong Key => key;

    /// <summary>The image as the language branch sees it, resized and cropped: the grid of visual tokens covers it from edge to edge.</summary>
    public RgbImage? View { get; init; }

    /// <summary>Computes what <see cref="ClassAttention"/> returns; none where the vision tower has no class token.</summary>
    public Func<Tensor>? AttendFromClass { get; init; }

    /// <summary>Superpixels of <see cref="View"/>, a label per pixel.</summary>
    /// <exception cref="InvalidOperationException">There is no view.</exception>
    public LabelMap Superpixels(SlicOptions options)
    {
        if (!superpixels.TryGetValue(options, out var labels))
            superpixels.Add(options, labels = Slic.Segment(View ?? throw new InvalidOperationException("superpixels need the image, and there is none"), options));
        return labels;
    }

    /// <summary>The visual tokens of each superpixel. A token belongs to the one most of its pixels belong to; superpixels without a token are left out.</summary>
    /// <param name="options">Of the superpixels.</param>
    /// <param name="gridHeight">Rows of the grid of visual tokens.</param>
    /// <param name="gridWidth">Columns of it.</param>
    /// <returns>In the order of the labels; tokens ascending.</returns>
    /// <exception cref="InvalidOperationException">There is no view.</exception>
    public IReadOnlyList<IReadOnlyList<int>> Regions(SlicOptions options, int gridHeight, int gridWidth)
    {
        if (!regions.TryGetValue((options, gridHeight, gridWidth), out var tokens))
        {
            var labels = Superpixels(options).ToTokenGrid(gridHeight, gridWidth).Labels;
            tokens = [.. Enumerable.Range(0, labels.Length).GroupBy(token => labels[token]).OrderBy(region => region.Key).Select(region => region.ToArray())];
            regions.Add((options, gridHeight, gridWidth), tokens);
        }

        return tokens;
    }

    /// <summary>How much the class token of the vision tower looks at each patch, in the last layer that the language branch uses.</summary>
    /// <returns>(1, N) float32, head mean; owned by the evidence.</returns>
    /// <exception cref="InvalidOperationException">The vision tower has no class token.</exception>
    public Tensor ClassAttention()
    {
        if (classAttention is not null) return classAttention;
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var attend = AttendFromClass ?? throw new InvalidOperationException("there is no class token to look at the image; choose something else than 'cls'");
        return classAttention = attend().DetachFromDisposeScope();
    }

    public void Dispose() => classAttention?.Dispose();
}
