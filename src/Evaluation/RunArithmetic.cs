namespace Pipeline.Evaluation;

/// <summary>What can be known of masks from their runs alone. Runs are checked, alternate in column order and begin with background.</summary>
internal static class RunArithmetic
{
    public static long Area(ReadOnlySpan<int> runs)
    {
        long area = 0;
        for (var i = 1; i < runs.Length; i += 2)
            area += runs[i];
        return area;
    }

    public static PixelBox Bounds(ReadOnlySpan<int> runs, int height)
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1, end = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            var start = end;
            end += runs[i];
            if (i % 2 == 0 || runs[i] == 0)
                continue;
            var (firstColumn, firstRow) = Math.DivRem(start, height);
            var (lastColumn, lastRow) = Math.DivRem(end - 1, height);
            var wraps = lastColumn > firstColumn;
            left = Math.Min(left, firstColumn);
            right = Math.Max(right, lastColumn);
            top = Math.Min(top, wraps ? 0 : firstRow);
            bottom = Math.Max(bottom, wraps ? height - 1 : lastRow);
        }

        return right < 0 ? default : new PixelBox(left, top, right - left + 1, bottom - top + 1);
    }

    public static long Intersection(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (first.Length < 2 || second.Length < 2)
            return 0;
        long shared = 0;
        int i = 1, j = 1;
        int start = first[0], end = start + first[1], otherStart = second[0], otherEnd = otherStart + second[1];
        while (true)
        {
            shared += Math.Max(0, Math.Min(end, otherEnd) - Math.Max(start, otherStart));
            if (end <= otherEnd)
            {
                if ((i += 2) >= first.Length)
                    return shared;
                start = end + first[i - 1];
                end = start + first[i];
            }
            else
            {
                if ((j += 2) >= second.Length)
                    return shared;
                otherStart = otherEnd + second[j - 1];
                otherEnd = otherStart + second[j];
            }
        }
    }

    /// <returns>The runs of the union or the intersection, none empty but perhaps the first.</returns>
    public static int[] Merge(ReadOnlySpan<int> first, ReadOnlySpan<int> second, bool intersect)
    {
        var merged = new List<int>(first.Length + second.Length);
        int i = 0, j = 0, position = 0, runStart = 0;
        int end = 0, otherEnd = 0;
        bool inside = true, otherInside = true, value = false;
        while (true)
        {
            while (end == position && i < first.Length)
            {
                end += first[i++];
                inside = !inside;
            }

            while (otherEnd == position && j < second.Length)
            {
                otherEnd += second[j++];
                otherInside = !otherInside;
            }

            if (end == position)
                break;
            if ((intersect ? inside && otherInside : inside || otherInside) != value)
            {
                merged.Add(position - runStart);
                runStart = position;
                value = !value;
            }

            position = Math.Min(end, otherEnd);
        }

        if (position > runStart)
            merged.Add(position - runStart);
        return [.. merged];
    }
}
