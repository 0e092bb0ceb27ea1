using System.Text;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Where wrong inputs are made out of right ones: a whole tiny checkpoint, an image, a job.</summary>
public sealed class Workshop : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int made;

    public Workshop()
    {
        Model = folder["tiny"];
        LisaPresets.Write("tiny", Model, seed: 0);
        Image = File("good.png", ImageCodec.EncodePng(Pattern(40, 30)));
    }

    /// <summary>A checkpoint that is right.</summary>
    public string Model { get; }

    /// <summary>An image that is right, 40 x 30.</summary>
    public string Image { get; }

    public static RgbImage Pattern(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i * 37))]);

    /// <returns>Path of a new file of this name, in a folder of its own.</returns>
    public string File(string name, byte[] content)
    {
        var path = Path.Combine(Folder(), name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public string File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    /// <returns>Path of a new, empty folder.</returns>
    public string Folder() => Directory.CreateDirectory(folder[$"{made++}"]).FullName;

    /// <summary>A job that is right but for what it is given.</summary>
    /// <returns>Path of a YAML file.</returns>
    public string Job(string? dataset = null, string? model = null, string variants = "[none]", string more = "") => File(
        "job.yaml",
        $"name: a\ndataset: {dataset ?? "{ format: synthetic, count: 3 }"}\nmodel: {model ?? $"{{ checkpoint: {Model} }}"}\nvariants: {variants}\n{more}\n");

    /// <summary>The tiny checkpoint with some files replaced, or removed where their content is null.</summary>
    /// <param name="files">Names relative to the checkpoint.</param>
    /// <returns>Path of the folder.</returns>
    public string Checkpoint(params (string Name, byte[]? Content)[] files)
    {
        var copy = Folder();
        foreach (var path in Directory.EnumerateFiles(Model, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Model, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.CreateSymbolicLink(target, path);
        }

        foreach (var (name, content) in files)
        {
            System.IO.File.Delete(Path.Combine(copy, name));
            if (content is not null)
                System.IO.File.WriteAllBytes(Path.Combine(copy, name), content);
        }

        return copy;
    }

    /// <summary>The tiny checkpoint with a text in one of its files replaced by another one.</summary>
    public string CheckpointWith(string file, string old, string replacement)
    {
        var content = System.IO.File.ReadAllBytes(Path.Combine(Model, file));
        var at = content.AsSpan().IndexOf(Encoding.Latin1.GetBytes(old));
        at.ShouldBeGreaterThanOrEqualTo(0, $"{file} has no {old}");
        return Checkpoint((file, [.. content[..at], .. Encoding.Latin1.GetBytes(replacement), .. content[(at + old.Length)..]]));
    }

    /// <summary>The tiny checkpoint with a .bin file for its weights.</summary>
    public string CheckpointOf(byte[] bin) => Checkpoint(("model.safetensors", null), ("pytorch_model.bin", bin));

    public void Dispose() => folder.Dispose();
}
