namespace Pipeline.Orchestrator.Results;

/// <summary>An axis that begins and ends at round numbers.</summary>
/// <param name="Ticks">Ascending, at least two.</param>
/// <param name="From">Pixel of the first tick.</param>
/// <param name="To">Pixel of the last tick.</param>
internal sealed record Axis(IReadOnlyList<double> Ticks, double From, double To)
{
    private const int Steps = 6;

    /// <summary>Round numbers, 1, 2 or 5 times a power of ten apart, that enclose the values.</summary>
    public static Axis Around(IReadOnlyCollection<double> values, double from, double to)
    {
        var (least, most) = (values.Min(), values.Max());
        var raw = Math.Max(most - least, 1e-3) / Steps;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var first = Math.Floor(least / step);
        var last = Math.Max(Math.Ceiling(most / step), first + 1);
        return new Axis([.. Enumerable.Range(0, (int)(last - first) + 1).Select(tick => Math.Round((first + tick) * step, 9))], from, to);
    }

    /// <returns>The pixel of a value.</returns>
    public double At(double value) => From + ((value - Ticks[0]) / (Ticks[^1] - Ticks[0]) * (To - From));
}
