using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Help;
using Pipeline.Cli.Inspection;
using Pipeline.Contracts;
using Pipeline.Contracts.Datasets;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Text;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline dataset inspect</c>: what a dataset holds and what is wrong with it, read as a job reads it.</summary>
public static class DatasetInspectCommand
{
    private static readonly string[] Formats = [.. DatasetSpec.Formats.Where(format => format != "synthetic")];

    /// <summary>What to look at.</summary>
    /// <param name="Path">A dataset, or a job file.</param>
    /// <param name="Keys">Keys of a job's dataset section that are given rather than guessed.</param>
    public sealed record Options(string Path, IReadOnlyDictionary<string, string> Keys, bool Json);

    public static Command Create(TimeProvider time)
    {
        var path = new Argument<string>("path") { HelpName = "PATH", Description = "Folder or file of a dataset, or a job file (.yaml or .json)." };
        Option<string>[] keys =
        [
            new("--format") { HelpName = "NAME", Description = $"{Suggestion.OneOf(Formats)}. Default: what the folder looks like." },
            new("--split") { HelpName = "NAME", Description = "Split of reasonseg and refcoco. Default val." },
            new("--set") { HelpName = "NAME", Description = "Set of refcoco. Default the first there is." },
            new("--split-by") { HelpName = "NAME", Description = "Whose splits of refcoco. Default the first there are." },
            new("--texts") { HelpName = "first|all", Description = "Texts of reasonseg. Default first." },
            new("--images") { HelpName = "DIR", Description = "Images of coco. Default a folder named as the instances file is." },
        ];
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {dataset, samples, skipped, expressions, images, masks}." };
        var command = new DocumentedCommand("inspect", "Count what a dataset holds and find what is broken in it.")
        {
            Group = "Datasets",
            Examples =
            [
                "pipeline dataset inspect data/ReasonSeg",
                "pipeline dataset inspect data/refer_seg --set refcoco+ --split testA",
                "pipeline dataset inspect job.yaml --json",
            ],
        };
        command.Arguments.Add(path);
        foreach (var option in (Option[])[.. keys, json])
            command.Options.Add(option);
        command.SetAction((line, token) => ExecuteAsync(
            new Options(
                line.GetRequiredValue(path),
                keys.Where(key => line.GetValue(key) is not null).ToDictionary(key => key.Name.TrimStart('-').Replace('-', '_'), key => line.GetValue(key)!),
                line.GetValue(json)),
            time,
            line.InvocationConfiguration.Output,
            line.InvocationConfiguration.Error,
            token));
        return command;
    }

    /// <returns><see cref="ExitCode.Failed"/> where an image or a mask cannot be used.</returns>
    /// <exception cref="InvalidDataException">The dataset cannot be read; the message names file and place.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    public static async Task<int> ExecuteAsync(Options options, TimeProvider time, TextWriter output, TextWriter error, CancellationToken token)
    {
        if (!Path.Exists(options.Path))
            throw new FileNotFoundException($"{options.Path} does not exist; expected a dataset or a job file");
        if (Spec(options, error, out var guessed) is not { } dataset)
            return ExitCode.BadInput;
        if (!options.Json && guessed)
            await output.WriteLineAsync($"{options.Path}: taken for {Name(dataset)}");
        var findings = await InspectionProgress.ShowAsync(
            !options.Json && !Console.IsErrorRedirected, error, time, progress => DatasetInspection.RunAsync(dataset, progress, token));
        if (options.Json)
            await output.WriteLineAsync(JsonSerializer.Serialize(findings, ContractsJson.Indented));
        else
            FindingsText.Write(findings, output);
        return findings.IsBroken ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <returns>Null, with its faults told, where it is none.</returns>
    private static DatasetSpec? Spec(Options options, TextWriter error, out bool guessed)
    {
        guessed = !IsJob(options.Path);
        IReadOnlyList<JobFault> faults;
        DatasetSpec? spec;
        if (guessed)
        {
            var section = new JsonObject { ["dataset"] = Section(options) };
            spec = JobFile.ParseDataset(JsonSerializer.SerializeToUtf8Bytes(section), "options.json", ".", out faults);
        }
        else if (options.Keys.Count > 0)
        {
            throw new ArgumentException($"{options.Path} is a job file, which says all of its dataset; remove --{options.Keys.First().Key.Replace('_', '-')}");
        }
        else
        {
            spec = JobFile.ReadDataset(options.Path, out faults);
        }

        if (faults.Count == 0)
            return spec;
        FaultText.Write(new JobReading { File = options.Path, Faults = faults }, error);
        return null;
    }

    private static JsonObject Section(Options options)
    {
        var guess = LayoutGuess.Of(options.Path, options.Keys.GetValueOrDefault("set"));
        var format = options.Keys.GetValueOrDefault("format");
        if (guess is null && format is null)
            throw new InvalidDataException($"{options.Path} looks like none of {Suggestion.OneOf(Formats)}; name one with --format, docs/datasets.md shows how they look");
        var section = new JsonObject { ["path"] = Path.GetFullPath(options.Path) };
        if (guess is not null && (format is null || format == guess["format"]))
        {
            foreach (var (key, value) in guess)
                section[key] = value;
        }

        foreach (var (key, value) in options.Keys)
            section[key] = key == "images" ? Path.GetFullPath(value) : value;
        return section;
    }

    private static bool IsJob(string path) => Path.GetExtension(path) switch
    {
        ".yaml" or ".yml" => true,
        ".json" => PlainFile.Refusal(path, JobFile.LargestFile) is null && HasDataset(path),
        _ => false,
    };

    private static bool HasDataset(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(JobFile.ReadContent(path));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("dataset", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Name(DatasetSpec dataset) => string.Join(", ", new[]
    {
        $"format {dataset.Format}",
        dataset.Set is { } set ? $"set {set}" : null,
        dataset.SplitBy is { } by ? $"split_by {by}" : null,
        dataset.Format is "reasonseg" or "refcoco" ? $"split {dataset.Split}" : null,
        dataset.Texts is { } texts ? $"texts {texts}" : null,
        dataset.Images is { } images ? $"images {images}" : null,
    }.OfType<string>());
}
