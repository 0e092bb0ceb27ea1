using System.Numerics;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>SLIC's k-means: each centre competes for the pixels of a window of two steps around it.</summary>
/// <remarks>
/// scikit-image 0.19.3, segmentation/_slic.pyx, float64. Every sum is made in upstream's order, so that ties fall alike; only pixels, which are independent, are taken several at once.
/// A centre that loses all pixels becomes NaN and is out of the game. A pixel that no window reaches keeps the label it had.
/// </remarks>
internal sealed class ExactClusters
{
    private readonly ColorPlanes image;
    private readonly SlicOptions options;
    private readonly int windowY;
    private readonly int windowX;
    private readonly double weight;
    private readonly int count;
    private readonly double[] centresY;
    private readonly double[] centresX;
    private readonly double[][] colors;
    private readonly double[] largest;
    private readonly double[] distance;
    private readonly long[] nearest;

    /// <param name="image">Colours divided by the compactness.</param>
    public ExactClusters(ColorPlanes image, SeedGrid seeds, SlicOptions options)
    {
        (this.image, this.options, count) = (image, options, seeds.Seeds);
        var windows = SeedGrid.Of(image.Height, image.Width, count);
        (windowY, windowX) = (2 * windows.StepY, 2 * windows.StepX);
        // Upstream holds the step in float32.
        float step = seeds.Step;
        weight = 1.0 / (float)(step * step);
        centresY = [.. Enumerable.Range(0, count).Select(seed => (double)(seeds.StartY + (seed / seeds.Columns * seeds.StepY)))];
        centresX = [.. Enumerable.Range(0, count).Select(seed => (double)(seeds.StartX + (seed % seeds.Columns * seeds.StepX)))];
        // Colours start at zero: the first round goes by place alone.
        colors = [.. image.Channels.Select(_ => new double[count])];
        largest = new double[count];
        Array.Fill(largest, 1);
        distance = new double[image.Channels[0].Length];
        nearest = new long[distance.Length];
        Array.Fill(nearest, -1);
    }

    /// <returns>The centre of each pixel, (H, W), from 0; -1 for none.</returns>
    public int[] Run()
    {
        for (var round = 0; round < options.MaxIterations; round++)
        {
            if (round > 0) MoveCentres();
            if (!Assign()) break;
        }

        return Array.ConvertAll(nearest[..(image.Height * image.Width)], label => (int)label);
    }

    private bool Assign()
    {
        Array.Fill(distance, double.MaxValue);
        var changed = Vector<long>.Zero;
        for (var k = 0; k < count; k++)
        {
            if (double.IsNaN(centresY[k])) continue;
            var (top, bottom) = ((int)Math.Max(centresY[k] - windowY, 0), (int)Math.Min(centresY[k] + windowY + 1, image.Height));
            var (left, right) = ((int)Math.Max(centresX[k] - windowX, 0), (int)Math.Min(centresX[k] + windowX + 1, image.Width));
            for (var y = top; y < bottom; y++) changed |= Compete(k, y, left, right);
        }

        return changed != Vector<long>.Zero;
    }

    /// <returns>Which lanes won a pixel.</returns>
    private Vector<long> Compete(int k, int y, int left, int right)
    {
        var changed = Vector<long>.Zero;
        var dy = options.SpacingY * (centresY[k] - y);
        dy *= dy;
        for (var x = left; x < right; x += Vector<double>.Count)
        {
            var at = (y * image.Width) + x;
            var columns = Vector<double>.Indices + new Vector<double>(x);
            var dx = (new Vector<double>(centresX[k]) - columns) * options.SpacingX;
            var candidate = (new Vector<double>(dy) + (dx * dx)) * weight;
            candidate += ColorDistance(k, at);
            var best = new Vector<double>(distance, at);
            var wins = Vector.LessThan(candidate, best) & Vector.LessThan(columns, new Vector<double>(right));
            changed |= wins;
            Vector.ConditionalSelect(wins, candidate, best).CopyTo(distance, at);
            Vector.ConditionalSelect(wins, new Vector<long>(k), new Vector<long>(nearest, at)).CopyTo(nearest, at);
        }

        return changed;
    }

    private Vector<double> ColorDistance(int k, int at)
    {
        var sum = Vector<double>.Zero;
        for (var channel = 0; channel < colors.Length; channel++)
        {
            var difference = new Vector<double>(image.Channels[channel], at) - new Vector<double>(colors[channel][k]);
            sum += difference * difference;
        }

        return options.SlicZero ? sum / largest[k] : sum;
    }

    private void MoveCentres()
    {
        var members = new int[count];
        foreach (var features in colors.Append(centresY).Append(centresX)) Array.Clear(features);
        for (int y = 0, i = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++, i++)
            {
                var k = nearest[i];
                if (k < 0) continue;
                members[k]++;
                centresY[k] += y;
                centresX[k] += x;
                for (var channel = 0; channel < colors.Length; channel++) colors[channel][k] += image.Channels[channel][i];
            }
        }

        foreach (var features in colors.Append(centresY).Append(centresX))
        {
            for (var k = 0; k < count; k++) features[k] /= members[k];
        }

        if (options.SlicZero) RaiseLargest();
    }

    private void RaiseLargest()
    {
        for (var i = 0; i < image.Height * image.Width; i++)
        {
            var k = (int)nearest[i];
            if (k < 0) continue;
            var sum = 0.0;
            for (var channel = 0; channel < colors.Length; channel++)
            {
                var difference = image.Channels[channel][i] - colors[channel][k];
                sum += difference * difference;
            }

            if (largest[k] < sum) largest[k] = sum;
        }
    }
}
