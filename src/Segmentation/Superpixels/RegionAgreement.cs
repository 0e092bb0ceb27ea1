namespace Pipeline.Segmentation.Superpixels;

/// <summary>How well regions keep to the regions of a reference: the two usual measures of superpixels.</summary>
public static class RegionAgreement
{
    /// <summary>Share of pixels by which regions spill over the reference's regions, the smaller side of each spill counted.</summary>
    /// <remarks>Neubert and Protzel, Superpixel Benchmark and Comparison, 2012: sum over overlapping pairs of min(|S ∩ R|, |S \ R|), divided by the number of pixels.</remarks>
    /// <returns>0 when every region lies within one reference region.</returns>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    public static double UnderSegmentationError(LabelMap regions, LabelMap reference)
    {
        CheckSizes(regions, reference);
        var sizes = regions.Labels.CountBy(label => label).ToDictionary();
        var overlaps = regions.Labels.Zip(reference.Labels).CountBy(pair => pair);
        return overlaps.Sum(overlap => (double)Math.Min(overlap.Value, sizes[overlap.Key.First] - overlap.Value)) / regions.Labels.Length;
    }

    /// <summary>Share of the reference's boundary pixels with a boundary pixel of the regions near.</summary>
    /// <param name="tolerance">Pixels in each direction, so that 2 looks in a square of 5 x 5.</param>
    /// <returns>1 when the reference has no boundary.</returns>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    public static double BoundaryRecall(LabelMap regions, LabelMap reference, int tolerance = 2)
    {
        CheckSizes(regions, reference);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var found = Boundaries(regions);
        var expected = Boundaries(reference);
        var (total, near) = (0, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!expected[i]) continue;
            total++;
            if (AnyNear(found, regions, i / regions.Width, i % regions.Width, tolerance)) near++;
        }

        return total == 0 ? 1 : (double)near / total;
    }

    /// <summary>A pixel is on a boundary when the one right of it or below it has another label.</summary>
    private static bool[] Boundaries(LabelMap map)
    {
        var result = new bool[map.Labels.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var right = (i + 1) % map.Width != 0 && map.Labels[i] != map.Labels[i + 1];
            result[i] = right || (i + map.Width < result.Length && map.Labels[i] != map.Labels[i + map.Width]);
        }

        return result;
    }

    private static bool AnyNear(bool[] boundary, LabelMap map, int y, int x, int tolerance)
    {
        var (left, right) = (Math.Max(0, x - tolerance), Math.Min(map.Width - 1, x + tolerance));
        for (var row = Math.Max(0, y - tolerance); row <= Math.Min(map.Height - 1, y + tolerance); row++)
        {
            if (boundary.AsSpan((row * map.Width) + left, right - left + 1).Contains(true)) return true;
        }

        return false;
    }

    private static void CheckSizes(LabelMap regions, LabelMap reference)
    {
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentNullException.ThrowIfNull(reference);
        if ((regions.Height, regions.Width) != (reference.Height, reference.Width))
            throw new ArgumentException($"The maps differ in size: {regions.Width}x{regions.Height} and {reference.Width}x{reference.Height}.", nameof(regions));
    }
}
