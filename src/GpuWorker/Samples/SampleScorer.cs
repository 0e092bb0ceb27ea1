using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Turns masks into predictions: run-length encoding, overlap with the truth, FLOPs; and stores the pictures the job asks for.</summary>
internal sealed class SampleScorer(ResolvedJob job, ModelShape shape, int firstVariant, IArtifactStore artifacts)
{
    private const int OverlaySide = 512;
    private const int OverlayQuality = 85;

    private readonly HashSet<string> overlays = [.. job.OverlaySamples];

    /// <returns>By expression of the part, then by variant; complete.</returns>
    public async Task<IReadOnlyList<Prediction>> ScoreAsync(InferredSample inferred, CancellationToken token)
    {
        var sample = inferred.Decoded.Part.Sample;
        if (inferred.Decoded.Part.First == 0 && inferred.Decoded.Image is { } image && overlays.Contains(sample.Id))
        {
            await artifacts.PutAsync(ArtifactNames.Overlay(job.Id, sample.Id, "jpg"), ImageCodec.EncodeJpeg(Downscale(image), OverlayQuality), token);
        }

        var succeeded = inferred.Outcomes.Sum(variants => variants.Count(outcome => outcome.Output is not null));
        var share = inferred.SharedMilliseconds / Math.Max(1, succeeded);
        var predictions = new List<Prediction>();
        for (var expression = 0; expression < inferred.Outcomes.Count; expression++)
        {
            for (var variant = 0; variant < inferred.Outcomes[expression].Count; variant++)
            {
                predictions.Add(await ScoreAsync(inferred, expression, variant, share, token));
            }
        }

        return predictions;
    }

    private async Task<Prediction> ScoreAsync(InferredSample inferred, int expression, int variant, double share, CancellationToken token)
    {
        var (output, failure) = inferred.Outcomes[expression][variant];
        var part = inferred.Decoded.Part;
        var prediction = new Prediction { Sample = part.Sample.Id, Expression = part.First + expression, Variant = firstVariant + variant, Failure = failure };
        if (output is null)
        {
            return prediction;
        }

        if (job.Spec.Outputs.Masks == "png")
        {
            var name = ArtifactNames.Mask(job.Id, prediction.Variant, prediction.Sample, prediction.Expression);
            await artifacts.PutAsync(name, ImageCodec.EncodeMaskPng(output.Width, output.Height, output.Mask), token);
        }

        var keeps = job.Spec.Outputs.Masks != "none";
        return prediction with
        {
            Mask = keeps ? Rle.Encode(output.Mask, output.Height, output.Width) : null,
            Answer = keeps || output.Answer is null ? output.Answer : output.Answer with { Parts = null },
            Overlap = OverlapWith(inferred.Decoded.Truths[expression], output),
            VisualTokens = output.VisualTokens,
            Tokens = output.Tokens,
            Stages = output.Stages,
            Tflops = FlopsConvention.PyramidDrop.Total(shape, output.Tokens, output.VisualTokens) / 1e12,
            LlmMilliseconds = output.LlmMilliseconds,
            TotalMilliseconds = share + output.LlmMilliseconds + output.MaskMilliseconds,
        };
    }

    private static MaskOverlap? OverlapWith(Truth truth, SegmentationOutput output) =>
        truth.Mask is { } mask ? MaskOverlap.Measure(output.Mask, mask) : null;

    private static RgbImage Downscale(RgbImage image)
    {
        var scale = (double)OverlaySide / Math.Max(image.Width, image.Height);
        return scale >= 1 ? image : PilResize.Resize(image, Side(image.Width), Side(image.Height), PilFilter.Bilinear);

        int Side(int pixels) => Math.Max(1, (int)Math.Round(pixels * scale));
    }
}
