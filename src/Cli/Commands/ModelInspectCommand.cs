using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Contracts.Text;
using Pipeline.Segmentation.Inspection;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model inspect PATH</c>: what a checkpoint is and whether it is whole, from configurations and headers.</summary>
public static class ModelInspectCommand
{
    private const int MostNames = 20;

    public static Command Create()
    {
        var path = new Argument<string>("path") { HelpName = "PATH", Description = "Folder of a checkpoint or a vision tower, or one weight file (*.safetensors, *.bin)." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON; docs/models.md describes it." };
        var command = new DocumentedCommand("inspect", "Describe a checkpoint without loading it: sizes, tensors, what is missing, memory. Exit code 1 if it is not whole.")
        {
            Group = "Models",
            Examples = ["pipeline model inspect models/LISA-7B-v1", "pipeline model inspect models/LISA-7B-v1/pytorch_model-00001-of-00002.bin --json"],
        };
        command.Arguments.Add(path);
        command.Options.Add(json);
        command.SetAction(line => Execute(line.GetRequiredValue(path), line.GetValue(json), line.InvocationConfiguration.Output));
        return command;
    }

    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    public static int Execute(string path, bool json, TextWriter output)
    {
        var inspection = CheckpointInspector.Inspect(path);
        if (json)
            output.WriteLine(JsonSerializer.Serialize(inspection, ContractsJson.Indented));
        else
            Write(inspection, output);
        return inspection.Whole ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Write(CheckpointInspection inspection, TextWriter output)
    {
        WriteFacts(inspection, output);
        foreach (var part in inspection.Parts)
            WritePart(part, output);
        if (inspection.Kind is "file" or "weights" or "llama")
            WriteSeries(inspection.Parts[0].Series, output);
        WriteMemory(inspection, output);
        output.WriteLine();
        output.WriteLine(inspection.Whole ? "whole" : inspection.Faults.Count == 1 ? "not whole:" : $"not whole, {inspection.Faults.Count} faults:");
        foreach (var fault in inspection.Faults)
            output.WriteLine($"  {PlainLine.Of(fault)}");
    }

    private static void WriteFacts(CheckpointInspection inspection, TextWriter output)
    {
        var table = new TextTable("path", PlainLine.Of(inspection.Path));
        table.Add("kind", string.Join(", ", new[] { inspection.Kind, inspection.Architecture, inspection.RandomWeights == true ? "random weights" : null }.OfType<string>().Select(PlainLine.Of)));
        if (inspection.Language is { } language)
        {
            table.Add("language model", $"{language.Layers} layers of width {language.Width}, feed-forward {language.FeedForward}, {Heads(language)}");
            table.Add("vocabulary", $"{language.Vocabulary} rows");
        }

        if (inspection.Vision is { } vision)
            table.Add("vision tower", $"{vision.Layers} layers of width {vision.Width}, {vision.Heads} heads, {vision.ImageSize} pixels in patches of {vision.PatchSize}: {vision.VisualTokens} visual tokens");
        else if (inspection.Kind == "lisa")
            table.Add("vision tower", "not found");
        if (inspection.Masks is { } masks)
            table.Add("masks (SAM)", $"{masks.Blocks} blocks of width {masks.Width}, {masks.Heads} heads, windows of {masks.Window}, global in {string.Join(", ", masks.GlobalBlocks)}, {masks.ImageSize} pixels");
        if (inspection.Tokenizer is { } tokenizer)
            table.Add("tokenizer", $"{tokenizer.Tokens} tokens, [SEG] is {tokenizer.Seg?.ToString(CultureInfo.InvariantCulture) ?? "missing"}");
        else if (inspection.Kind == "lisa")
            table.Add("tokenizer", "none");
        if (inspection.Conversation is { } conversation)
            table.Add("conversation", conversation);
        table.Write(output);
    }

    private static string Heads(LanguageSizes language) =>
        language.Heads == language.KeyValueHeads ? $"{language.Heads} heads" : $"{language.Heads} heads over {language.KeyValueHeads} of keys and values";

    private static void WritePart(PartInspection part, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{(part.Name == "visionTower" ? "vision tower" : part.Name)} {PlainLine.Of(part.Path)}");
        var form = part.Format is null ? "no weight file could be read" : $"{part.Format}, {(part.Sharded ? "with an index, " : "")}{part.Files.Count} {(part.Files.Count == 1 ? "file" : "files")}";
        output.WriteLine($"  {form}; {part.Tensors} tensors, {Count(part.Parameters)} parameters, {Size(part.Bytes)}: {string.Join(", ", part.Dtypes.Select(dtype => $"{dtype.Value} in {dtype.Key}"))}");
        if (part.Tensors == 0)
            return;
        output.WriteLine();
        var table = new TextTable("  module", "tensors", "parameters", "stored");
        foreach (var module in part.Modules)
            table.Add($"  {module.Name}", $"{module.Tensors}", Count(module.Parameters), Size(module.Bytes));
        table.Write(output);
        WriteNames("unexpected", part.Unexpected ?? [], output);
    }

    private static void WriteNames(string title, IReadOnlyList<string> names, TextWriter output)
    {
        if (names.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"  {title}: {names.Count}");
        foreach (var name in names.Take(MostNames))
            output.WriteLine($"    {PlainLine.Of(name)}");
        if (names.Count > MostNames)
            output.WriteLine($"    and {names.Count - MostNames} more");
    }

    private static void WriteSeries(IReadOnlyList<TensorSeries> series, TextWriter output)
    {
        if (series.Count == 0)
            return;
        output.WriteLine();
        var table = new TextTable("  tensor", "count", "shape", "dtype", "bytes");
        foreach (var row in series)
            table.Add($"  {PlainLine.Of(row.Name)}", $"{row.Count}", row.Shape.Count == 0 ? "scalar" : string.Join('x', row.Shape), row.Dtype, Count(row.Bytes));
        table.Write(output);
    }

    private static void WriteMemory(CheckpointInspection inspection, TextWriter output)
    {
        if (inspection.Memory.Count == 0)
            return;
        output.WriteLine();
        var table = new TextTable("memory", "weights", "KV cache", "prefill", "mask encoder", "together");
        foreach (var row in inspection.Memory)
            table.Add(row.Dtype, Size(row.Weights), Optional(row.KeyValueCache), Optional(row.Prefill), Optional(row.MaskEncoder), Size(row.Total));
        table.Write(output);

        static string Optional(long? bytes) => bytes is { } known ? Size(known) : "-";
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(long bytes)
    {
        var (unit, scale) = bytes >= 1_000_000_000 ? ("GB", 1e9) : bytes >= 1_000_000 ? ("MB", 1e6) : ("KB", 1e3);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / scale:0.0#} {unit}");
    }
}
