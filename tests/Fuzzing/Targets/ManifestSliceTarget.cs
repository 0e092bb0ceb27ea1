using Pipeline.Contracts.Manifests;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A shard's part of a manifest, as it comes from the artifact store.</summary>
internal sealed class ManifestSliceTarget : IFuzzTarget
{
    public string Name => "manifest-slice";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        ManifestSlice.Write(
        [
            new Sample("1", new ImageSource { Path = "/data/1.jpg" }, new string('a', 64), [new Expression("the circle", true, new MaskSource { Path = "/data/1.png" }, "attribute"), new Expression("x", false, new MaskSource { Rle = new(2, 2, "04") })]),
        ]),
        ManifestSlice.Write([new Sample("2", new ImageSource { Synthetic = new SyntheticScene(7, 1, 64, 48, SyntheticSplit.Crowded) }, null, [new Expression("y", false, null)])]),
    ];

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of([.. Bytes.JsonWords, "\"id\"", "\"image\"", "\"synthetic\"", "\"split\"", "\"crowded\"", "\"isSentence\"", "\"mask\"", "\"rle\"", "\"size\":[1,2]", "\"counts\""]);

    public Reading Read(byte[] input)
    {
        using var stream = new MemoryStream(input);
        ManifestSlice.ReadAsync(stream, "slice", CancellationToken.None).GetAwaiter().GetResult();
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;
}
