using Pipeline.Evaluation.Coco;

namespace Pipeline.Contracts.Datasets;

/// <summary>Finds the file of an image that an instances file lists.</summary>
internal static class CocoImageFile
{
    /// <param name="instances">Name of the instances file, for messages.</param>
    /// <returns>Absolute path inside the folder of the images; there may be no such file.</returns>
    /// <exception cref="InvalidDataException">The name is missing or leads elsewhere.</exception>
    public static string Locate(CocoImage image, DataFolder images, string instances)
    {
        var name = image.File ?? throw new InvalidDataException($"{instances} images: the one with id {image.Id} has no file_name; expected the name of an image file");
        return images.Refuse(name) is { } refusal ? throw new InvalidDataException($"{instances} images: the file_name of the one with id {image.Id}: {refusal}") : images.In(name);
    }
}
