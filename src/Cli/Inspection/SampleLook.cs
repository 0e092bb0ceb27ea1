using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.GpuWorker.Samples;
using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Inspection;

/// <summary>What was seen of one sample: its image's size, and every mask as a worker would read it. No image is decoded.</summary>
/// <param name="Size">Width and height in pixels; null where there is no usable image, or none on this machine.</param>
/// <param name="ImageFault">Why the image cannot be used; null where it can.</param>
/// <param name="ImageMissing">There is no such file.</param>
/// <param name="Masks">Of the expressions with a truth, as far as there is an image to hold them to.</param>
internal sealed record SampleLook(Sample Sample, (int Width, int Height)? Size, string? ImageFault, bool ImageMissing, IReadOnlyList<MaskLook> Masks)
{
    public static SampleLook At(Sample sample)
    {
        if (sample.Image.Synthetic is { } scene)
            return OfScene(sample, scene);
        if (sample.Image.Path is not { } path)
            return new SampleLook(sample, null, null, false, []);
        if (!File.Exists(path))
            return new SampleLook(sample, null, $"{path}: does not exist", true, []);
        try
        {
            var (width, height) = ImageCodec.ReadSize(PlainFile.Read(path, new ImageOptions().LargestBytes), path);
            MaskLook[] masks = [.. sample.Expressions.Select(expression => expression.Mask).OfType<MaskSource>().Select(mask => Look(mask, width, height, path))];
            return new SampleLook(sample, (width, height), null, false, masks);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new SampleLook(sample, null, fault.Message, false, []);
        }
    }

    private static SampleLook OfScene(Sample sample, SyntheticScene scene)
    {
        var masks = SyntheticScenes.Describe(scene, sample.Expressions.Count).Expressions.Select(expression => expression.Mask);
        return new SampleLook(sample, (scene.Width, scene.Height), null, false, [.. masks.Select(mask => new MaskLook(mask.Area / ((double)scene.Width * scene.Height), false, false, null))]);
    }

    private static MaskLook Look(MaskSource mask, int width, int height, string image)
    {
        try
        {
            var labels = TruthMask.Read(mask, width, height, image, new ImageOptions());
            return new MaskLook(
                labels.AsSpan().Count((byte)1) / (double)labels.Length,
                labels.AsSpan().Contains(MaskLabels.Ignored),
                labels.AsSpan().ContainsAnyInRange(MaskLabels.Neither, (byte)(MaskLabels.Ignored - 1)),
                null);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var where = mask.Path ?? $"a mask of {image}";
            return new MaskLook(0, false, false, fault.Message.Contains(where, StringComparison.Ordinal) ? fault.Message : $"{where}: {fault.Message}");
        }
    }
}
