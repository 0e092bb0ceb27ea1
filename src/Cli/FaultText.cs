using Pipeline.Contracts.Jobs;

namespace Pipeline.Cli;

/// <summary>Lays out the faults of a job file: the file, one line a fault with paths aligned, their number.</summary>
public static class FaultText
{
    private const string WholeDocument = "(document)";

    public static void Write(JobReading reading, TextWriter output)
    {
        var rows = reading.Faults.Select(fault => (Path: fault.Path.Length > 0 ? fault.Path : WholeDocument, fault.Message)).ToArray();
        var width = rows.Max(row => row.Path.Length);
        output.WriteLine(reading.File);
        foreach (var (path, message) in rows)
            output.WriteLine($"  {path.PadRight(width)}   {message}");
        output.WriteLine($"{rows.Length} {(rows.Length == 1 ? "fault" : "faults")}; nothing was started");
    }
}
