using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Manifests;

/// <summary>The dataset format <c>manifest</c>: JSON lines, one image with its expressions a line, described in <c>docs/datasets.md</c>.</summary>
public static class ManifestFile
{
    /// <summary>Bytes a line may have.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    /// <summary>Streams the samples in the order of the file; memory does not grow with it.</summary>
    /// <param name="path">The manifest; paths inside it are relative to its folder.</param>
    /// <returns>Samples with the hash of their image, null where the image cannot be read: that fails its predictions, not the dataset.</returns>
    /// <exception cref="InvalidDataException">A line is not as documented, an id comes twice or there is no sample; the message names file, line and field.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IAsyncEnumerable<Sample> ReadAsync(string path, CancellationToken token) => ReadAsync(path, DataRoots.Everywhere, token);

    /// <summary>Streams the samples as <see cref="ReadAsync(string, CancellationToken)"/> does, but refuses images and masks outside of the roots before it opens them.</summary>
    /// <param name="roots">Where images and masks may lie.</param>
    /// <inheritdoc cref="ReadAsync(string, CancellationToken)"/>
    public static async IAsyncEnumerable<Sample> ReadAsync(string path, DataRoots roots, [EnumeratorCancellation] CancellationToken token)
    {
        var name = Path.GetFileName(path);
        var parser = new ManifestLine(name, Path.GetDirectoryName(Path.GetFullPath(path))!, roots);
        await using var stream = OpenSequential(path);
        var ids = new SeenIds(stream.Length);
        var empty = true;
        await foreach (var line in JsonLines.ReadAsync(stream, name, LongestLine, token))
        {
            if (line.Bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
                continue;
            var sample = parser.Parse(line.Number, line.Bytes);
            if (ids.MayHave(sample.Id) && await LineOfAsync(path, parser, sample.Id, line.Number, token) is { } first)
                throw new InvalidDataException($"{name}:{line.Number} id: '{sample.Id}' is already on line {first}; every sample needs an id of its own");
            ids.Add(sample.Id);
            empty = false;
            yield return sample with { ContentHash = await HashAsync(sample.Image.Path!, token) };
        }

        if (empty)
            throw new InvalidDataException($"{name} holds no sample; expected one JSON object a line");
    }

    private static FileStream OpenSequential(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Reads the file again from its start: exact where <see cref="SeenIds"/> only suspects.</summary>
    private static async Task<long?> LineOfAsync(string path, ManifestLine parser, string id, long before, CancellationToken token)
    {
        await using var stream = OpenSequential(path);
        await foreach (var line in JsonLines.ReadAsync(stream, Path.GetFileName(path), LongestLine, token))
        {
            if (line.Number == before)
                return null;
            if (line.Bytes.Span.IndexOfAnyExcept(" \t\r"u8) >= 0 && parser.Parse(line.Number, line.Bytes).Id == id)
                return line.Number;
        }

        return null;
    }

    private static async Task<string?> HashAsync(string image, CancellationToken token)
    {
        if (!PlainFile.Exists(image))
            return null;
        try
        {
            await using var stream = OpenSequential(image);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, token));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
