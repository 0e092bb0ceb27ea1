using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Segmentation.Verification;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model verify DIR</c>: this build against reference tensors of the upstream code.</summary>
public static class ModelVerifyCommand
{
    /// <summary>What to check, and how.</summary>
    /// <param name="Folder">A golden set: one sub-folder per group.</param>
    /// <param name="Groups">Names; empty means all.</param>
    public sealed record Options(string Folder, IReadOnlyList<string> Groups, string Device, string Dtype, bool Json);

    private static string[] GroupNames => [.. GoldenGroups.All.Select(group => group.Name)];

    public static Command Create()
    {
        var folder = new Argument<string>("dir") { HelpName = "DIR", Description = "Folder with one sub-folder of reference tensors per group." };
        var groups = new Option<string[]>("--group") { HelpName = "G", Description = $"Only this group; may be given again: {string.Join(", ", GroupNames)}.", DefaultValueFactory = _ => [] };
        groups.AcceptOnlyFromAmong(GroupNames);
        var device = ComputeOptions.Device();
        var dtype = ComputeOptions.Dtype();
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {passed, failed, rows[]}." };
        var command = new DocumentedCommand("verify", "Check this build against reference tensors of the upstream code.")
        {
            Group = "Models",
            Examples = ["pipeline model verify tests/golden", "pipeline model verify tests/golden --group llama --group pruning --device cuda --dtype bfloat16"],
        };
        command.Arguments.Add(folder);
        foreach (var option in (Option[])[groups, device, dtype, json])
            command.Options.Add(option);
        command.SetAction((line, token) => Task.FromResult(Execute(
            new Options(
                line.GetRequiredValue(folder),
                line.GetRequiredValue(groups),
                line.GetRequiredValue(device),
                line.GetRequiredValue(dtype),
                line.GetValue(json)),
            line.InvocationConfiguration.Output,
            token)));
        return command;
    }

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static int Execute(Options options, TextWriter output, CancellationToken token)
    {
        var device = ComputeOptions.DeviceNamed(options.Device);
        var groups = (options.Groups.Count > 0 ? options.Groups.Distinct() : GroupNames).Select(group =>
        {
            token.ThrowIfCancellationRequested();
            return GoldenVerifier.Run(options.Folder, [group], device, ComputeOptions.DtypeNamed(options.Dtype));
        });
        return Report(groups, options.Json, output);
    }

    /// <summary>Writes each group as it comes, then the counts; as JSON all at once.</summary>
    public static int Report(IEnumerable<IReadOnlyList<VerificationRow>> groups, bool json, TextWriter output)
    {
        var rows = new List<VerificationRow>();
        foreach (var group in groups)
        {
            rows.AddRange(group);
            if (!json)
                WriteTable(group, output);
        }

        var failed = rows.Count(row => !row.Passed);
        output.WriteLine(json ? ToJson(rows, failed) : $"{rows.Count - failed} passed, {failed} failed");
        return failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void WriteTable(IReadOnlyList<VerificationRow> rows, TextWriter output)
    {
        var table = new TextTable("tensor", "shape", "max abs error", "tolerance", "result");
        foreach (var row in rows)
        {
            table.Add(
                $"{row.Group}/{row.Tensor}",
                string.Join('x', row.Shape),
                row.MaxAbsError is { } error ? Short(error) : "-",
                row.Tolerance == 0 ? "exact" : Short(row.Tolerance),
                $"{(row.Passed ? "pass" : "FAIL")}{(row.Message.Length > 0 ? "  " : "")}{row.Message}");
        }

        table.Write(output);
        output.WriteLine();
    }

    private static string Short(double value) => value == 0 ? "0" : value.ToString("0.00e+00", CultureInfo.InvariantCulture);

    private static string ToJson(List<VerificationRow> rows, int failed) => new JsonObject
    {
        ["passed"] = rows.Count - failed,
        ["failed"] = failed,
        ["rows"] = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["group"] = row.Group,
            ["tensor"] = row.Tensor,
            ["maxAbsError"] = row.MaxAbsError,
            ["tolerance"] = row.Tolerance,
            ["passed"] = row.Passed,
            ["message"] = row.Message,
        })]),
    }.ToJsonString(ContractsJson.Indented);
}
