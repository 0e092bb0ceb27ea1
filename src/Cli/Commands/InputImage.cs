using Pipeline.Contracts.Files;
using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Commands;

/// <summary>An image that a command was given.</summary>
internal static class InputImage
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder, too large, neither JPEG nor PNG, or damaged.</exception>
    public static RgbImage Read(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path} is a folder; expected a JPEG or PNG file");
        return Path.Exists(path)
            ? ImageCodec.Decode(PlainFile.Read(path, FileHash.LargestFile), path)
            : throw new FileNotFoundException($"{path} does not exist; expected a JPEG or PNG file");
    }
}
