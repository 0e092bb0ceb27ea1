using System.ComponentModel.DataAnnotations;
using Pipeline.Contracts.Files;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Samples;

/// <summary>How large images and masks may be. Section <c>Images</c>.</summary>
public sealed class ImageOptions
{
    public const string Section = "Images";

    internal const string LargestBytesSetting = $"{Section}:{nameof(LargestBytes)}";

    /// <summary>Bytes of an image or mask file; a larger one is not read. What is fetched has <c>Fetch:LargestBytes</c> besides.</summary>
    /// <value>Default 256 MiB.</value>
    [Range(1, FileHash.LargestFile, ErrorMessage = "Images:LargestBytes is 1 to 1073741824.")]
    public int LargestBytes { get; set; } = 256 << 20;

    /// <summary>Pixels of an image or mask, as its header says, before any memory is taken for them.</summary>
    /// <value>Default 178,956,970: 512 MiB of RGB, PIL's limit.</value>
    [Range(1, ImageCodec.MaxPixels, ErrorMessage = "Images:LargestPixels is 1 to 178956970.")]
    public int LargestPixels { get; set; } = ImageCodec.MaxPixels;
}
