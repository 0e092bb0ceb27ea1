using System.Security.Cryptography;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Fetches a sample's image and masks and decodes them. What cannot be read becomes a failure of the sample, or of the one expression.</summary>
internal sealed class SampleDecoder(TimeProvider clock)
{
    public DecodedSample Decode(Sample sample)
    {
        var started = clock.GetTimestamp();
        try
        {
            var (image, truths) = sample.Image.Synthetic is { } scene ? Draw(scene, sample) : Read(sample);
            return new DecodedSample(sample, image, truths, null, clock.GetElapsedTime(started).TotalMilliseconds);
        }
#pragma warning disable CA1031 // Whatever a file does to its decoder is a fault of that file, never of the shard.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return new DecodedSample(sample, null, [], Poison("decode", sample.Image.Path ?? sample.Id, fault), clock.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static (RgbImage Image, IReadOnlyList<Truth> Truths) Draw(SyntheticScene parameters, Sample sample)
    {
        var scene = SyntheticScenes.Render(parameters, sample.Expressions.Count);
        if (!scene.Expressions.Select(expression => expression.Text).SequenceEqual(sample.Expressions.Select(expression => expression.Text)))
        {
            throw new InvalidDataException(
                $"scene {parameters.Index} of seed {parameters.Seed}, split {SyntheticSplits.Name(parameters.Split)}, has other expressions than its manifest; another version of the code planned it");
        }

        return (new RgbImage(scene.Width, scene.Height, scene.Rgb), [.. scene.Expressions.Select(expression => new Truth(expression.Mask.Decode(), null))]);
    }

    private static (RgbImage Image, IReadOnlyList<Truth> Truths) Read(Sample sample)
    {
        var path = sample.Image.Path ?? throw new InvalidDataException($"sample {sample.Id} has neither an image file nor a scene");
        var file = PlainFile.Read(path);
        if (sample.ContentHash is { } planned && Convert.ToHexStringLower(SHA256.HashData(file)) != planned)
        {
            throw new InvalidDataException($"{path} has changed since the job was planned: its content hash is not the manifest's {planned}");
        }

        var image = ImageCodec.Decode(file, path);
        return (image, [.. sample.Expressions.Select(expression => TruthOf(expression, image, path))]);
    }

    private static Truth TruthOf(Expression expression, RgbImage image, string imagePath)
    {
        if (expression.Mask is not { } source)
        {
            return Truth.Unknown;
        }

        try
        {
            return new Truth(source.Rle is { } rle ? FromRle(rle, image, imagePath) : FromFile(source.Path!, image, imagePath), null);
        }
#pragma warning disable CA1031 // A mask that cannot be read fails its expression only.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return new Truth(null, Poison("truth", source.Path ?? $"the mask of '{expression.Text}' on {imagePath}", fault));
        }
    }

    private static byte[] FromRle(Rle rle, RgbImage image, string imagePath)
    {
        RequireSize(rle.Width, rle.Height, image, imagePath);
        return rle.Decode();
    }

    private static byte[] FromFile(string path, RgbImage image, string imagePath)
    {
        var (width, height, values) = ImageCodec.DecodeGray(PlainFile.Read(path), path);
        RequireSize(width, height, image, imagePath);
        return Labels(values);
    }

    private static void RequireSize(int width, int height, RgbImage image, string imagePath)
    {
        if (width != image.Width || height != image.Height)
        {
            throw new InvalidDataException($"the mask is {width}x{height}, its image {imagePath} is {image.Width}x{image.Height}");
        }
    }

    /// <summary>255 means ignored only in a file of more than two values; in one of two it is the usual white.</summary>
    private static byte[] Labels(byte[] values)
    {
        Span<bool> seen = stackalloc bool[256];
        foreach (var value in values)
        {
            seen[value] = true;
        }

        var ignores = seen.Count(true) > 2;
        return Array.ConvertAll(values, value => value == 0 ? (byte)0 : value == 255 && ignores ? (byte)255 : (byte)1);
    }

    private static PredictionFailure Poison(string stage, string source, Exception fault)
    {
        var reason = fault.Message.Contains(source, StringComparison.Ordinal) ? fault.Message : $"{source}: {fault.Message}";
        return new PredictionFailure(FaultClass.Poison, stage, reason);
    }
}
