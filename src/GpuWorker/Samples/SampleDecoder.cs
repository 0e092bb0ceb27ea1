using System.Security.Cryptography;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Reads a sample's image and masks and decodes them. What cannot be read becomes a failure of the sample, or of the one expression.</summary>
internal sealed class SampleDecoder(ImageOptions limits, TimeProvider clock)
{
    public DecodedSample Decode(SamplePart part)
    {
        if (part.Fetched.Failure is { } failure)
        {
            return new DecodedSample(part, null, [], failure, 0);
        }

        var started = clock.GetTimestamp();
        try
        {
            var (image, truths) = part.Sample.Image.Synthetic is { } scene ? Draw(scene, part) : Read(part);
            return new DecodedSample(part, image, truths, null, clock.GetElapsedTime(started).TotalMilliseconds);
        }
#pragma warning disable CA1031 // Whatever a file does to its decoder is a fault of that file, never of the shard.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return new DecodedSample(part, null, [], Poison("decode", part.Sample.Image.Describe() ?? part.Sample.Id, fault), clock.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static (RgbImage Image, IReadOnlyList<Truth> Truths) Draw(SyntheticScene parameters, SamplePart part)
    {
        var sample = part.Sample;
        var scene = SyntheticScenes.Render(parameters, sample.Expressions.Count);
        if (!scene.Expressions.Select(expression => expression.Text).SequenceEqual(sample.Expressions.Select(expression => expression.Text)))
        {
            throw new InvalidDataException(
                $"scene {parameters.Index} of seed {parameters.Seed}, split {SyntheticSplits.Name(parameters.Split)}, has other expressions than its manifest; another version of the code planned it");
        }

        return (new RgbImage(scene.Width, scene.Height, scene.Rgb), [.. scene.Expressions.Skip(part.First).Take(part.Expressions.Count).Select(expression => new Truth(expression.Mask.Decode(), null))]);
    }

    private (RgbImage Image, IReadOnlyList<Truth> Truths) Read(SamplePart part)
    {
        var sample = part.Sample;
        var path = sample.Image.Describe() ?? throw new InvalidDataException($"sample {sample.Id} has neither an image file nor an address nor a scene");
        var file = part.Fetched.Content ?? PlainFile.Read(path, limits.LargestBytes, setting: ImageOptions.LargestBytesSetting);
        if (sample.ContentHash is { } planned && Convert.ToHexStringLower(SHA256.HashData(file.Span)) != planned)
        {
            throw new InvalidDataException($"{path} has changed since the job was planned: its content hash is not the manifest's {planned}");
        }

        var image = ImageCodec.Decode(file, path, limits.LargestPixels);
        return (image, [.. part.Expressions.Select(expression => TruthOf(expression, image, path))]);
    }

    private Truth TruthOf(Expression expression, RgbImage image, string imagePath)
    {
        if (expression.Mask is not { } source)
        {
            return Truth.Unknown;
        }

        try
        {
            return new Truth(TruthMask.Read(source, image.Width, image.Height, imagePath, limits), null);
        }
#pragma warning disable CA1031 // A mask that cannot be read fails its expression only.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return new Truth(null, Poison("truth", source.Path ?? $"the mask of '{expression.Text}' on {imagePath}", fault));
        }
    }

    private static PredictionFailure Poison(string stage, string source, Exception fault)
    {
        var reason = fault.Message.Contains(source, StringComparison.Ordinal) ? fault.Message : $"{source}: {fault.Message}";
        return new PredictionFailure(FaultClass.Poison, stage, reason);
    }
}
