namespace Pipeline.Segmentation.Images;

/// <summary>Sizes and points between an image and SAM's square input.</summary>
/// <remarks>segment_anything/utils/transforms.py, ResizeLongestSide.</remarks>
public static class SamGeometry
{
    /// <summary>The size whose longest edge is <paramref name="longest"/>, each edge rounded half up.</summary>
    public static (int Height, int Width) ResizedSize(int height, int width, int longest)
    {
        var scale = longest * 1.0 / Math.Max(height, width);
        return ((int)((height * scale) + 0.5), (int)((width * scale) + 0.5));
    }

    /// <summary>A point of the original image in the resized one.</summary>
    public static (double X, double Y) ToResized(double x, double y, int height, int width, int longest)
    {
        var (resizedHeight, resizedWidth) = ResizedSize(height, width, longest);
        return (x * ((double)resizedWidth / width), y * ((double)resizedHeight / height));
    }
}
