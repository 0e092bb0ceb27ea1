namespace Pipeline.Segmentation.Superpixels;

/// <summary>Seeds at whole steps in both directions, as near to squares as the image allows.</summary>
/// <remarks>scikit-image 0.19.3, util/_regular_grid.py, for shape (1, H, W). Rounding is half to even, so counts differ from those asked for.</remarks>
internal readonly record struct SeedGrid(int Height, int Width, int StartY, int StepY, int StartX, int StepX)
{
    public int Rows => Count(Height, StartY, StepY);

    public int Columns => Count(Width, StartX, StepX);

    public int Seeds => Rows * Columns;

    /// <summary>Distance between seeds, in the direction where it is greater.</summary>
    public int Step => Math.Max(StepY, StepX);

    public static SeedGrid Of(int height, int width, int points)
    {
        var pixels = (double)height * width;
        if (pixels <= points) return new SeedGrid(height, width, 0, 1, 0, 1);
        var step = Math.Pow(pixels / points, 0.5);
        var (stepY, stepX) = (step, step);
        // A side too short for a whole step takes one seed, and the other side all of them.
        if (Math.Min(height, width) < step) (stepY, stepX) = height <= width ? (1.0 * height, 1.0 * width / points) : (1.0 * height / points, 1.0 * width);
        return new SeedGrid(height, width, Start(stepY), Whole(stepY), Start(stepX), Whole(stepX));
    }

    /// <summary>The seed nearest to a pixel, the lower one of two.</summary>
    public int Nearest(int y, int x) => (Cell(y, StartY, StepY, Rows) * Columns) + Cell(x, StartX, StepX, Columns);

    private static int Cell(int at, int start, int step, int cells) => Math.Clamp((at - start + ((step - 1) / 2)) / step, 0, cells - 1);

    private static int Count(int side, int start, int step) => (side - start + step - 1) / step;

    private static int Start(double step) => (int)Math.Floor(step / 2);

    private static int Whole(double step) => (int)Math.Round(step, MidpointRounding.ToEven);
}
