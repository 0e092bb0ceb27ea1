using System.Globalization;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Orchestrator.Reports;

/// <summary>How numbers look in reports: the same on every machine.</summary>
internal static class Numbers
{
    /// <summary>Stands for a number that does not exist.</summary>
    public const string None = "–";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>An IoU in percent, as the papers print it.</summary>
    public static string Percent(double? value) => value is { } share ? (share * 100).ToString("F2", CultureInfo.InvariantCulture) : None;

    /// <summary>A difference in percentage points with its interval.</summary>
    public static string Difference(Estimate? estimate) =>
        estimate is null ? None : $"{Signed(estimate.Value)} [{Signed(estimate.Low)}, {Signed(estimate.High)}]";

    /// <summary>A difference in percentage points.</summary>
    public static string Signed(double value) => (value * 100).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    public static string Tokens(double? value) => value?.ToString("N1", CultureInfo.InvariantCulture) ?? None;

    /// <summary>Four significant digits, whatever the model's size.</summary>
    public static string Tflops(double? value) => value switch
    {
        null => None,
        0 => "0",
        >= 0.001 => value.Value.ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###E0", CultureInfo.InvariantCulture),
    };

    /// <summary>Median and p95 in milliseconds.</summary>
    public static string Times(TimeReport times) => times.Median is null ? None : $"{Milliseconds(times.Median)} / {Milliseconds(times.P95)}";

    private static string Milliseconds(double? value) =>
        value is not { } time ? None : time.ToString(time < 10 ? "F2" : time < 100 ? "F1" : "N0", CultureInfo.InvariantCulture);
}
