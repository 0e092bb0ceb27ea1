using Pipeline.Contracts.Manifests;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A dataset in the manifest format; its masks are used where they are in it.</summary>
internal sealed class ManifestTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("manifest.jsonl");

    public string Name => "manifest";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """
        {"id":"1","image":"a.jpg","expressions":[{"text":"the red ring","sentence":true,"mask":{"size":[4,5],"counts":[3,2,15]},"kind":"attribute"}]}
        {"id":"2","image":"b.png","expressions":[{"text":"x","mask":"m.png"},{"text":"y","mask":null}]}

        """,
        """{"id":"1","image":"a.jpg","expressions":[{"text":"é","mask":{"size":[2,2],"counts":"04"}}]}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [.. Bytes.JsonWords, "\"id\"", "\"image\"", "\"expressions\"", "\"text\"", "\"mask\"", "\"kind\"", "\"size\"", "\"counts\"", "../", "/", "\"/dev/zero\"", "\"/dev/stdin\"", "\"/proc/self/mem\"", "http://a/b", "data:", "\\\\a\\b", "{\"id\":\"1\",\"image\":\"a.jpg\",\"expressions\":[{\"text\":\"x\"}]}\n"]);

    public Reading Read(byte[] input)
    {
        ReadAsync(file.Fill(input)).GetAwaiter().GetResult();
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose() => file.Dispose();

    private static async Task ReadAsync(string path)
    {
        await foreach (var sample in ManifestFile.ReadAsync(path, CancellationToken.None))
        {
            foreach (var expression in sample.Expressions)
            {
                if (expression.Mask?.Rle is { } mask)
                    _ = mask.Area;
            }
        }
    }
}
