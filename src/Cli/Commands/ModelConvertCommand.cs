using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Cli.Help;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model convert DIR</c>: a checkpoint as safetensors.</summary>
public static partial class ModelConvertCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("dir") { HelpName = "DIR", Description = "Folder of the checkpoint: PyTorch's .bin or safetensors, in one file or several." };
        var target = new Option<string>("--out") { HelpName = "DIR", Description = "Folder to be made; must not exist, or be empty.", Required = true };
        var dtype = new Option<string?>("--dtype") { HelpName = "T", Description = $"{string.Join(", ", ComputeOptions.DtypeNames)}. Default: as it is stored, bit for bit." };
        dtype.AcceptOnlyFromAmong([.. ComputeOptions.DtypeNames]);
        var shard = new Option<long?>("--shard-size")
        {
            HelpName = "SIZE",
            Description = "Most tensors in a file, such as 500MB or 2GB. Default 5GB.",
            CustomParser = result =>
            {
                if (Bytes(result.Tokens[0].Value) is { } bytes)
                    return bytes;
                result.AddError($"--shard-size {result.Tokens[0].Value} is not a size; use a whole number above 0 with KB, MB or GB, such as 5GB");
                return null;
            },
        };
        var command = new DocumentedCommand("convert", "Write a checkpoint and its vision tower as safetensors, without holding it in memory.")
        {
            Group = "Models",
            Examples = ["pipeline model convert models/LISA-7B-v1 --out models/LISA-7B-safetensors", "pipeline model convert models/LISA-7B-v1 --out models/LISA-7B-fp16 --dtype float16 --shard-size 2GB"],
        };
        command.Arguments.Add(source);
        foreach (var option in (Option[])[target, dtype, shard])
            command.Options.Add(option);
        command.SetAction((line, token) =>
        {
            var conversion = new CheckpointConversion(line.GetRequiredValue(source), line.GetRequiredValue(target));
            if (line.GetValue(dtype) is { } name)
                conversion = conversion with { Dtype = ComputeOptions.DtypeNamed(name) };
            if (line.GetValue(shard) is { } bytes)
                conversion = conversion with { ShardBytes = bytes };
            return Task.FromResult(Execute(conversion, line.InvocationConfiguration.Output, line.InvocationConfiguration.Error, token));
        });
        return command;
    }

    /// <exception cref="InvalidDataException">The source is no whole checkpoint, or the target is not empty.</exception>
    public static int Execute(CheckpointConversion conversion, TextWriter output, TextWriter news, CancellationToken token)
    {
        var outcome = conversion.Run(path => news.WriteLine(WrittenFile.Line(path)), token);
        output.WriteLine($"{conversion.Target}: {conversion.Source} as safetensors{(outcome is null ? "" : $"; {outcome}")}");
        return ExitCode.Ok;
    }

    private static long? Bytes(string text)
    {
        if (Size().Match(text) is not { Success: true } match || !long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return null;
        var unit = match.Groups[2].Value.ToUpperInvariant() switch { "KB" => 1_000L, "MB" => 1_000_000, "GB" => 1_000_000_000, _ => 1 };
        return number <= long.MaxValue / unit ? number * unit : null;
    }

    [GeneratedRegex(@"^([0-9]{1,18})(KB|MB|GB)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Size();
}
