using System.CommandLine;
using System.Text;
using System.Text.Json;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Contracts.Text;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Results;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline results REPORT...</c>: a page of tables and figures from the reports of finished jobs.</summary>
public static class ResultsCommand
{
    private const string NoNotes = "\n\n";

    public static Command Create()
    {
        var reports = new Argument<string[]>("reports")
        {
            HelpName = "REPORT...",
            Description = "report.json of one or more finished jobs, in the order of the page.",
            Arity = ArgumentArity.OneOrMore,
        };
        var page = new Option<string>("--out") { HelpName = "PAGE", Description = "Markdown file to write, figures beside it; what stands between its notes marks is kept.", Required = true };
        var command = new DocumentedCommand("results", "Make a page from finished jobs: tables, the best of every budget, accuracy against FLOPs.")
        {
            Group = "Jobs",
            Examples = ["pipeline results out/ablation/report.json --out docs/results.md"],
        };
        command.Arguments.Add(reports);
        command.Options.Add(page);
        command.SetAction((line, token) => ExecuteAsync(line.GetRequiredValue(reports), line.GetRequiredValue(page), line.InvocationConfiguration.Output, token));
        return command;
    }

    /// <summary>Writes the page last, so that a page never refers to figures that are not there.</summary>
    /// <exception cref="InvalidDataException">A file is no final report, or the page that is there was not made by this command.</exception>
    public static async Task<int> ExecuteAsync(IReadOnlyList<string> reports, string page, TextWriter output, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var read = new List<Report>();
        foreach (var file in reports)
            read.Add(await ReadAsync(file, token));
        var notes = await ReadNotesAsync(page, token);
        var made = ResultsPage.Make(read, Path.GetFileNameWithoutExtension(page), CommandLine(reports, page), notes);

        var folder = Path.GetDirectoryName(Path.GetFullPath(page))!;
        Directory.CreateDirectory(folder);
        foreach (var figure in made.Figures)
        {
            await ReplaceAsync(Path.Combine(folder, figure.SvgFile), figure.Svg, token);
            await ReplaceAsync(Path.Combine(folder, figure.VegaLiteFile), figure.VegaLite, token);
        }

        await ReplaceAsync(page, made.Markdown, token);
        await output.WriteLineAsync($"{page}: {read.Sum(report => report.Variants.Count)} variants of {read.Count} {(read.Count == 1 ? "job" : "jobs")}");
        return ExitCode.Ok;
    }

    private static async Task<Report> ReadAsync(string file, CancellationToken token)
    {
        await using var stream = File.OpenRead(file);
        try
        {
            var report = await JsonSerializer.DeserializeAsync<Report>(stream, ContractsJson.Options, token) ?? throw new JsonException("it is empty");
            if (report.Format != Report.CurrentFormat)
                throw new InvalidDataException($"{file} has the format {report.Format}; this version reads {Report.CurrentFormat}");
            return report with
            {
                Dataset = report.Dataset with { Path = report.Dataset.Path is { } path ? Portable(path) : null },
                Model = report.Model with { Checkpoint = Portable(report.Model.Checkpoint) },
            };
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file} is no report.json of a job: {JsonFault.Describe(fault)}", fault);
        }
    }

    private static async Task<string> ReadNotesAsync(string page, CancellationToken token)
    {
        if (!File.Exists(page))
            return NoNotes;
        try
        {
            return HandwrittenNotes.In(await File.ReadAllTextAsync(page, token));
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{page} is left as it is: {fault.Message}", fault);
        }
    }

    /// <summary>The file is the old one or the new one, never half of it: the page holds what people wrote.</summary>
    private static async Task ReplaceAsync(string file, string content, CancellationToken token)
    {
        var unfinished = file + ".unfinished";
        await File.WriteAllTextAsync(unfinished, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), token);
        File.Move(unfinished, file, overwrite: true);
    }

    private static string CommandLine(IEnumerable<string> reports, string page) =>
        string.Join(' ', ["pipeline", "results", .. reports.Select(Portable), "--out", Portable(page)]);

    /// <summary>A path as seen from the working folder; of what lies elsewhere only the name, which says something on other machines too.</summary>
    private static string Portable(string path)
    {
        var relative = Path.GetRelativePath(".", path).Replace(Path.DirectorySeparatorChar, '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(path) : relative;
    }
}
