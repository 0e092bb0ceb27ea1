using System.Text.Json.Serialization;

namespace Pipeline.Evaluation;

/// <summary>A binary mask in COCO's run-length encoding, column by column. In JSON COCO's own <c>{"size":[h,w],"counts":"..."}</c>.</summary>
/// <remarks>
/// Byte-equal to pycocotools (cocodataset/cocoapi, common/maskApi.c). The text is checked when it is used, not when the record is made:
/// every member below throws <see cref="InvalidDataException"/> for a size or counts that make no mask, and never needs more memory than
/// the text and the mask are long.
/// </remarks>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Counts">pycocotools' compressed string.</param>
[JsonConverter(typeof(RleJsonConverter))]
public sealed record Rle(int Height, int Width, string Counts)
{
    /// <summary>The largest mask that is accepted, so that a few hostile bytes cannot ask for all memory: 2^28 pixels.</summary>
    public const int MaxPixels = 1 << 28;

    /// <summary>Pixels of the object.</summary>
    public long Area => RunArithmetic.Area(ToRuns());

    /// <summary>The smallest box round the object; all zero for an empty mask.</summary>
    public PixelBox Bounds => RunArithmetic.Bounds(ToRuns(), Height);

    /// <param name="mask">Height x width bytes, row-major, 0 or 1.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <exception cref="ArgumentException">The mask has another length, or bytes other than 0 and 1.</exception>
    public static Rle Encode(ReadOnlySpan<byte> mask, int height, int width)
    {
        var pixels = RunText.CheckSize(height, width);
        if (mask.Length != pixels)
            throw new ArgumentException($"A {height}x{width} mask has {pixels} bytes, not {mask.Length}.", nameof(mask));
        if (mask.IndexOfAnyExceptInRange((byte)0, (byte)1) is var at and >= 0)
            throw new ArgumentException($"A mask has bytes 0 and 1 only; byte {at} is {mask[at]}.", nameof(mask));
        return new Rle(height, width, RunText.Write(RunScan.Runs(mask, height, width)));
    }

    /// <summary>A mask from COCO's uncompressed counts: lengths of alternating runs in column order, the first of background.</summary>
    /// <exception cref="InvalidDataException">A run is negative or the runs do not add up to height x width.</exception>
    public static Rle FromRuns(int height, int width, ReadOnlySpan<int> runs)
    {
        RunText.CheckRuns(runs, height, width);
        return new Rle(height, width, RunText.Write(runs));
    }

    /// <summary>The mask of a box with real corners, rounded as pycocotools' <c>frPyObjects</c> does (to fifths of a pixel, then to pixel centres).</summary>
    /// <param name="x">Left edge, pixels.</param>
    /// <param name="y">Top edge, pixels.</param>
    /// <param name="boxWidth">Pixels.</param>
    /// <param name="boxHeight">Pixels.</param>
    /// <param name="height">Of the mask, pixels.</param>
    /// <param name="width">Of the mask, pixels.</param>
    /// <exception cref="InvalidDataException">A number is not finite, or the outline is longer than 13 million pixels.</exception>
    public static Rle FromBox(double x, double y, double boxWidth, double boxHeight, int height, int width)
    {
        RunText.CheckSize(height, width);
        return new Rle(height, width, RunText.Write(PolygonScan.Runs([x, y, x, y + boxHeight, x + boxWidth, y + boxHeight, x + boxWidth, y], height, width)));
    }

    /// <summary>The inside of one polygon, pixel for pixel as pycocotools' <c>frPyObjects</c> (maskApi.c, rleFrPoly).</summary>
    /// <param name="points">x, y, x, y, ... in pixels; may lie outside of the mask.</param>
    /// <param name="height">Of the mask, pixels.</param>
    /// <param name="width">Of the mask, pixels.</param>
    /// <exception cref="InvalidDataException">The number of coordinates is odd or zero, one is not finite, or the outline is longer than 13 million pixels.</exception>
    public static Rle FromPolygon(ReadOnlySpan<double> points, int height, int width)
    {
        RunText.CheckSize(height, width);
        return new Rle(height, width, RunText.Write(PolygonScan.Runs(points, height, width)));
    }

    /// <summary>Pixels that belong to any of the masks.</summary>
    /// <param name="masks">At least one, all of one size.</param>
    public static Rle Union(IReadOnlyList<Rle> masks) => Merge(masks, intersect: false);

    /// <summary>Pixels that belong to all of the masks.</summary>
    /// <param name="masks">At least one, all of one size.</param>
    public static Rle Intersection(IReadOnlyList<Rle> masks) => Merge(masks, intersect: true);

    /// <summary>IoU of every detection with every truth, without decoding.</summary>
    /// <param name="detections">D masks.</param>
    /// <param name="truths">G masks of the same size.</param>
    /// <param name="crowd">G flags: against a crowd region the union is the detection's area alone.</param>
    /// <returns>(D, G); 0 where nothing is shared, also for two empty masks.</returns>
    public static double[,] IouMatrix(IReadOnlyList<Rle> detections, IReadOnlyList<Rle> truths, IReadOnlyList<bool> crowd)
    {
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(crowd);
        if (crowd.Count != truths.Count)
            throw new ArgumentException($"{truths.Count} truths need as many crowd flags, not {crowd.Count}.", nameof(crowd));
        var truthRuns = truths.Select(truth => truth.ToRuns()).ToArray();
        var matrix = new double[detections.Count, truths.Count];
        for (var d = 0; d < detections.Count; d++)
        {
            var runs = detections[d].ToRuns();
            var area = RunArithmetic.Area(runs);
            for (var g = 0; g < truths.Count; g++)
            {
                detections[d].RequireSizeOf(truths[g]);
                var shared = RunArithmetic.Intersection(runs, truthRuns[g]);
                var whole = crowd[g] ? area : area + RunArithmetic.Area(truthRuns[g]) - shared;
                matrix[d, g] = shared == 0 ? 0 : (double)shared / whole;
            }
        }

        return matrix;
    }

    /// <summary>Intersection and union with another mask of the same size, counted on the runs.</summary>
    public MaskOverlap Overlap(Rle other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireSizeOf(other);
        int[] mine = ToRuns(), theirs = other.ToRuns();
        var shared = RunArithmetic.Intersection(mine, theirs);
        return new MaskOverlap(shared, RunArithmetic.Area(mine) + RunArithmetic.Area(theirs) - shared);
    }

    /// <returns>Height x width bytes, row-major, 0 or 1.</returns>
    public byte[] Decode()
    {
        var runs = ToRuns();
        var mask = new byte[Height * Width];
        RunScan.Fill(mask, Height, Width, runs);
        return mask;
    }

    /// <returns>COCO's uncompressed counts: lengths of alternating runs in column order, the first of background (perhaps 0).</returns>
    public int[] ToRuns() => RunText.Read(Counts, Height, Width);

    private static Rle Merge(IReadOnlyList<Rle> masks, bool intersect)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.Count == 0)
            throw new ArgumentException("There is no mask to merge.", nameof(masks));
        var merged = masks[0].ToRuns();
        foreach (var mask in masks.Skip(1))
        {
            masks[0].RequireSizeOf(mask);
            merged = RunArithmetic.Merge(merged, mask.ToRuns(), intersect);
        }

        return new Rle(masks[0].Height, masks[0].Width, RunText.Write(merged));
    }

    private void RequireSizeOf(Rle other)
    {
        if (Height != other.Height || Width != other.Width)
            throw new ArgumentException($"A {Height}x{Width} mask cannot be compared with a {other.Height}x{other.Width} one.", nameof(other));
    }
}
