using System.Text.Json;
using Pipeline.Evaluation;

namespace Pipeline.Fuzzing.Targets;

/// <summary>COCO's masks, compressed and as lists of runs: what is read gives pixels, and those give the mask back.</summary>
internal sealed class RleTarget : IFuzzTarget
{
    private const int MostPixels = 1 << 20;

    public string Name => "rle";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        [
            """{"size":[4,5],"counts":[3,2,5,4,6]}""",
            .. Masks().Select(mask => JsonSerializer.Serialize(mask)),
        ]);

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of([.. Bytes.JsonWords, "\"size\"", "\"counts\"", "\"counts\":[", "[16384,16384]", "[65536,65536]", "oooooooo", "0", "1", "P", "`", "_1", "O"]);

    public Reading Read(byte[] input)
    {
        var mask = JsonSerializer.Deserialize<Rle>(input);
        if (mask is null)
            return default;
        var pixels = (long)mask.Height * mask.Width;
        _ = (mask.Area, mask.Bounds, mask.Overlap(mask), Rle.Union([mask, mask]));
        if (pixels > MostPixels)
            return Reading.Accepted;
        var again = Rle.Encode(mask.Decode(), mask.Height, mask.Width);
        if (again.Area != mask.Area || again.Overlap(mask).Intersection != mask.Area)
            throw new InvalidOperationException($"{mask} has {mask.Area} pixels, and its pixels make {again} of {again.Area}");
        return new Reading(true, 16 * pixels);
    }

    public bool IsRefusal(Exception fault) => fault is JsonException or InvalidDataException;

    private static IEnumerable<Rle> Masks()
    {
        yield return Rle.FromBox(2, 3, 5, 4, 12, 10);
        yield return Rle.FromPolygon([1, 1, 30, 4, 22, 28, 3, 19], 32, 32);
        yield return Rle.FromRuns(640, 480, [1000, 3, 640 * 480 - 1003]);
        yield return Rle.FromRuns(0, 0, []);
    }
}
