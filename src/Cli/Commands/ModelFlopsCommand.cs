using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model flops</c>: what a pruning setting costs on a model, from sizes alone.</summary>
public static class ModelFlopsCommand
{
    /// <summary>What to count.</summary>
    /// <param name="Model">Name in the catalogue or folder of a checkpoint.</param>
    /// <param name="Prune">Variant in the short form.</param>
    /// <param name="Tokens">Visual tokens before pruning; null for the model's own.</param>
    /// <param name="Text">Text tokens; null for the convention's own.</param>
    /// <param name="Convention">Name of a <see cref="FlopsConvention"/>.</param>
    public sealed record Options(string Model, string Prune, int? Tokens, int? Text, string Convention, bool Json);

    private static string[] Conventions => [.. FlopsConvention.All.Select(convention => convention.Name)];

    public static Command Create(IModelCatalog catalog)
    {
        var model = new Option<string>("--model") { HelpName = "M", Description = $"{string.Join(", ", ModelProfiles.Names)}, or the folder of a LISA checkpoint." };
        var prune = new Option<string>("--prune")
        {
            HelpName = "SPEC",
            Description = "Variant as in a job file, lists with slashes: fastv:layer=2,keep=0.5. Default none.",
            DefaultValueFactory = _ => VariantSpec.None.Name,
        };
        var tokens = Count("--tokens", 1, "Visual tokens before pruning. Default: the model's.");
        var text = Count("--text", 0, $"Text tokens beside them. Default {string.Join(", ", FlopsConvention.All.Select(convention => $"{convention.TextTokens} ({convention.Name})"))}.");
        var convention = new Option<string>("--convention")
        {
            HelpName = string.Join('|', Conventions),
            Description = $"How FLOPs are counted; docs/pruning.md describes it. Default {FlopsConvention.PyramidDrop.Name}.",
            DefaultValueFactory = _ => FlopsConvention.PyramidDrop.Name,
        };
        convention.AcceptOnlyFromAmong(Conventions);
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {tflops, gflopsPerLayer, averageVisualTokens, visualTokensPerLayer[], convention, ...}." };
        var tables = new Option<bool>("--tables") { Description = "Instead: the tables of the papers beside ours, in Markdown, as in docs/pruning.md." };
        var command = new DocumentedCommand("flops", "Count FLOPs, tokens and memory of a pruning setting, without weights.")
        {
            Group = "Models",
            Examples =
            [
                "pipeline model flops --model lisa-7b --prune fastv:layer=2,keep=0.5",
                "pipeline model flops --model llava-1.5-7b --prune pyramiddrop:boundaries=8/16/24,ratios=0.5/0.25/0.125 --convention full --json",
                "pipeline model flops --tables",
            ],
        };
        foreach (var option in (Option[])[model, prune, tokens, text, convention, json, tables])
            command.Options.Add(option);
        command.Validators.Add(line =>
        {
            if (line.GetResult(model) is null && line.GetResult(tables) is null)
                line.AddError("Option '--model' is required, unless '--tables' is given.");
        });
        command.SetAction(line => line.GetValue(tables)
            ? ExecuteTables(line.InvocationConfiguration.Output)
            : Execute(
                new Options(
                    line.GetRequiredValue(model),
                    line.GetRequiredValue(prune),
                    line.GetValue(tokens),
                    line.GetValue(text),
                    line.GetRequiredValue(convention),
                    line.GetValue(json)),
                catalog,
                line.InvocationConfiguration.Output));
        return command;
    }

    /// <exception cref="InvalidDataException">There is no such model, or the variant is wrong for it; the message says what would be right.</exception>
    public static int Execute(Options options, IModelCatalog catalog, TextWriter output)
    {
        var model = ModelProfiles.Find(options.Model);
        if (options.Tokens is { } tokens)
            model = model.WithVisualTokens(tokens);
        var variant = VariantSpec.Parse(options.Prune, catalog, model.Shape);
        var convention = FlopsConvention.All.Single(convention => convention.Name == options.Convention);
        var text = options.Text ?? convention.TextTokens;
        var cost = PrefillCost.Of(model, PruningMethods.Create(variant).Plan(model.Shape), text, convention);
        var share = cost.Flops / PrefillCost.Of(model, [], text, convention).Flops;
        if (options.Json)
            output.WriteLine(ToJson(model, variant, cost, share));
        else
            WriteTable(model, variant, cost, share, output);
        return ExitCode.Ok;
    }

    private static int ExecuteTables(TextWriter output)
    {
        output.Write(FlopsMarkdown.Tables);
        return ExitCode.Ok;
    }

    private static Option<int?> Count(string name, int least, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least)
                return value;
            result.AddError($"{name} {given} is not a number of tokens; use {least} or more");
            return null;
        },
    };

    private static void WriteTable(ModelProfile model, VariantSpec variant, PrefillCost cost, double share, TextWriter output)
    {
        var shape = model.Shape;
        var table = new TextTable("model", $"{model.Name}: {shape.Layers} layers of width {shape.HiddenSize}, {shape.VisualTokens} visual tokens");
        table.Add("pruning", variant.Name);
        table.Add("convention", $"{cost.Convention.Name}: {cost.Convention.Summary}");
        table.Add("visual tokens", string.Create(CultureInfo.InvariantCulture, $"{RunLengths(cost.VisualTokens)}, mean {cost.AverageVisualTokens:0.##}"));
        table.Add("text tokens", $"{cost.TextTokens}{(cost.Convention.CountsText || cost.TextTokens == 0 ? "" : ", in memory but not in FLOPs")}");
        table.Add("TFLOPs", string.Create(CultureInfo.InvariantCulture, $"{Tera(cost.Flops)}, {100 * share:0.0} % of none"));
        if (cost.Parts.Count > 1)
        {
            foreach (var part in cost.Parts)
                table.Add($"  {part.Name}", Tera(part.Flops));
        }

        table.Add("GFLOPs per decoder layer", Significant(cost.FlopsPerLayer / 1e9));
        table.Add("KV cache", $"{Mebibytes(cost.KeyValueCacheBytes)} MiB in float16");
        table.Add("peak activations", $"{Mebibytes(cost.PeakActivationBytes)} MiB in float16");
        table.Write(output);
    }

    private static string ToJson(ModelProfile model, VariantSpec variant, PrefillCost cost, double share) => new JsonObject
    {
        ["model"] = model.Name,
        ["prune"] = variant.Name,
        ["convention"] = cost.Convention.Name,
        ["counts"] = cost.Convention.Summary,
        ["tflops"] = cost.Flops / 1e12,
        ["shareOfNone"] = share,
        ["gflopsPerLayer"] = cost.FlopsPerLayer / 1e9,
        ["averageVisualTokens"] = cost.AverageVisualTokens,
        ["visualTokensPerLayer"] = new JsonArray([.. cost.VisualTokens.Select(count => JsonValue.Create(count))]),
        ["textTokens"] = cost.TextTokens,
        ["dtype"] = "float16",
        ["kvCacheBytes"] = cost.KeyValueCacheBytes,
        ["peakActivationBytes"] = cost.PeakActivationBytes,
        ["parts"] = new JsonArray([.. cost.Parts.Select(part => new JsonObject { ["name"] = part.Name, ["tflops"] = part.Flops / 1e12 })]),
    }.ToJsonString(ContractsJson.Indented);

    /// <summary>Equal neighbours together: <c>2x576 30x288</c>.</summary>
    private static string RunLengths(IReadOnlyList<int> counts)
    {
        var runs = new List<(int Length, int Count)>();
        foreach (var count in counts)
        {
            if (runs is [.., var last] && last.Count == count)
                runs[^1] = (last.Length + 1, count);
            else
                runs.Add((1, count));
        }

        return string.Join(' ', runs.Select(run => $"{run.Length}x{run.Count}"));
    }

    private static string Tera(double flops) => Significant(flops / 1e12);

    /// <summary>Three decimals, or four digits of what is smaller.</summary>
    private static string Significant(double value) => value.ToString(value >= 0.1 ? "0.000" : "0.###E+0", CultureInfo.InvariantCulture);

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString(bytes >= 1048576 ? "0.0" : "0.0000", CultureInfo.InvariantCulture);
}
