using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;
using Pipeline.GpuWorker.Inference;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>A model without weights: the object is whatever is red. It fails where a test tells it to.</summary>
internal sealed class ScriptedModel : IImageModel
{
    public static ModelShape Sizes { get; } = new()
    {
        Architecture = "scripted",
        Layers = 2,
        HiddenSize = 8,
        IntermediateSize = 16,
        Heads = 2,
        KeyValueHeads = 2,
        VocabularySize = 32,
        GridHeight = 2,
        GridWidth = 2,
    };

    public ModelShape Shape => Sizes;

    /// <summary>Called at the start of every encoding.</summary>
    public Action OnEncode { get; set; } = () => { };

    /// <summary>Called at the start of every batch.</summary>
    public Action<IReadOnlyList<Expression>> OnSegment { get; set; } = _ => { };

    public int Encoded { get; private set; }

    /// <summary>Sizes of the batches asked for, in order.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>Encoded images not yet disposed.</summary>
    public int Live { get; private set; }

    public bool Disposed { get; private set; }

    public IEncodedImage Encode(RgbImage image)
    {
        OnEncode();
        Encoded++;
        Live++;
        return new Red(this, image);
    }

    public void Dispose() => Disposed = true;

    private sealed class Red(ScriptedModel model, RgbImage image) : IEncodedImage
    {
        public IReadOnlyList<SegmentationOutput> Segment(IReadOnlyList<Expression> expressions, IPruningMethod pruning, PruningTrace? trace)
        {
            model.Batches.Add(expressions.Count);
            model.OnSegment(expressions);
            var mask = new byte[image.Width * image.Height];
            for (var pixel = 0; pixel < mask.Length; pixel++)
            {
                mask[pixel] = image.Pixels[3 * pixel] > 127 ? (byte)1 : (byte)0;
            }

            return [.. expressions.Select(_ => new SegmentationOutput(mask, image.Height, image.Width, [9, 9], [4, 4], LlmMilliseconds: 2, MaskMilliseconds: 1))];
        }

        /// <summary>Says how many tokens it was given, and asks for as many masks as the expression has exclamation marks.</summary>
        public IReadOnlyList<SegmentationOutput> Generate(IReadOnlyList<Expression> expressions, IPruningMethod pruning, int maxNewTokens, PruningTrace? trace) =>
            [.. Segment(expressions, pruning, trace).Zip(expressions, (output, expression) => Say(output, expression.Text.Count(letter => letter == '!'), maxNewTokens))];

        private static SegmentationOutput Say(SegmentationOutput output, int masks, int tokens) => output with
        {
            Mask = masks > 0 ? output.Mask : new byte[output.Mask.Length],
            Answer = new GeneratedAnswer($"{tokens} tokens", masks, tokens)
            {
                Parts = masks > 1 ? [.. Enumerable.Repeat(Rle.Encode(output.Mask, output.Height, output.Width), masks)] : null,
                DecodeMilliseconds = 1,
            },
        };

        public void Dispose() => model.Live--;
    }
}
