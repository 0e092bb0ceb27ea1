using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Questions;

/// <summary>A picture that a command was told to draw.</summary>
internal static class PictureFile
{
    /// <summary>Writes it as PNG, with the folders above it; whatever was there is replaced.</summary>
    public static void Write(string path, RgbImage picture)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, ImageCodec.EncodePng(picture));
    }
}
