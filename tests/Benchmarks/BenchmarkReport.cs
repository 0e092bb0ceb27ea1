using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pipeline.Benchmarks;

/// <summary>Rows as text.</summary>
public static class BenchmarkReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Json(IReadOnlyList<BenchmarkRow> rows) => JsonSerializer.Serialize(new { rows }, Options);

    /// <summary>One table per benchmark, numbers right-aligned.</summary>
    public static string Markdown(IReadOnlyList<BenchmarkRow> rows)
    {
        var text = new StringBuilder();
        foreach (var group in rows.GroupBy(row => row.Benchmark))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"## {group.Key}").AppendLine();
            text.AppendLine("| case | median | min | max | unit | bytes/call |");
            text.AppendLine("|---|---:|---:|---:|---|---:|");
            foreach (var row in group)
            {
                var cells = new[] { row.Median, row.Minimum, row.Maximum }.Select(Number);
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Case} | {string.Join(" | ", cells)} | {row.Unit} | {row.AllocatedBytes} |");
            }

            text.AppendLine();
        }

        return text.ToString().TrimEnd();
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
