using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Contracts.Manifests;

/// <summary>Writes a dataset in the format <see cref="ManifestFile"/> reads; paths become relative to the manifest's folder.</summary>
public sealed class ManifestWriter : IAsyncDisposable
{
    private readonly FileStream stream;
    private readonly string folder;

    /// <param name="path">The manifest; an existing file is replaced, its folder is made.</param>
    public ManifestWriter(string path)
    {
        folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 64 * 1024, useAsync: true);
    }

    /// <exception cref="ArgumentException">The image is no file: a synthetic scene must be drawn first.</exception>
    public async Task WriteAsync(Sample sample, CancellationToken token)
    {
        if (sample.Image is { Path: null, Url: null })
            throw new ArgumentException($"The image of sample '{sample.Id}' is no file; a manifest lists files.", nameof(sample));
        var line = new JsonObject { ["id"] = sample.Id, ["image"] = sample.Image.Url ?? Relative(sample.Image.Path!) };
        if (sample.Image.Url is not null && sample.ContentHash is { } hash)
            line["sha256"] = hash;
        line["expressions"] = new JsonArray([.. sample.Expressions.Select(ToJson)]);
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Options), token);
        await stream.WriteAsync("\n"u8.ToArray(), token);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private JsonObject ToJson(Expression expression)
    {
        var json = new JsonObject { ["text"] = expression.Text };
        if (expression.IsSentence)
            json["sentence"] = true;
        if (expression.Mask?.Rle is { } rle)
            json["mask"] = JsonSerializer.SerializeToNode(rle, ContractsJson.Options);
        else if (expression.Mask?.Path is { } path)
            json["mask"] = Relative(path);
        if (expression.Kind is { } kind)
            json["kind"] = kind;
        return json;
    }

    private string Relative(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
