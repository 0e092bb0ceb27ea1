using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Cli.Pruning;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Text;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline ask IMAGE</c>: one question about one image, answered in the model's own words, with the masks drawn on the image.</summary>
public static class AskCommand
{
    /// <summary>What to ask.</summary>
    /// <param name="Image">JPEG or PNG file.</param>
    /// <param name="Model">Folder of a LISA checkpoint.</param>
    /// <param name="Text">A phrase that names something, or a whole question.</param>
    /// <param name="IsSentence">It is a whole question, said as it stands.</param>
    /// <param name="Prune">A variant in the short form.</param>
    /// <param name="MaxNewTokens">Tokens the answer may have.</param>
    /// <param name="Conversation">Template of the prompt; null for the checkpoint's own.</param>
    /// <param name="Out">PNG file; null for none.</param>
    public sealed record Options(
        string Image, string Model, string Text, bool IsSentence, string Prune, int MaxNewTokens, string? Conversation, string? Out, string Device, string Dtype);

    public static Command Create(IModelCatalog catalog)
    {
        var image = new Argument<string>("image") { HelpName = "IMAGE", Description = "JPEG or PNG file." };
        var model = new Option<string>("--model") { HelpName = "DIR", Description = "Folder of a LISA checkpoint.", Required = true };
        var text = new Option<string>("--text") { HelpName = "T", Description = "What to segment: a phrase.", Required = true };
        var sentence = new Option<bool>("--sentence") { Description = "The text is a whole question or instruction, said as it stands." };
        var prune = new Option<string>("--prune") { HelpName = "SPEC", Description = "A variant as in a job file. Default none.", DefaultValueFactory = _ => "none" };
        var tokens = new Option<int>("--max-new-tokens")
        {
            HelpName = "N",
            Description = $"Tokens the answer may have. Default {ModelSpec.DefaultNewTokens}.",
            DefaultValueFactory = _ => ModelSpec.DefaultNewTokens,
        };
        tokens.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) || number < 1 || number > ModelSpec.MostNewTokens))
                result.AddError($"--max-new-tokens {token.Value} is no number of tokens; use 1 to {ModelSpec.MostNewTokens}");
        });
        var conversation = new Option<string?>("--conversation") { HelpName = "NAME", Description = $"Template of the prompt: {string.Join(", ", ModelSpec.Conversations)}. Default the checkpoint's." };
        conversation.AcceptOnlyFromAmong([.. ModelSpec.Conversations]);
        var file = new Option<string?>("--out") { HelpName = "PNG", Description = "File of the image with the masks; replaced if it is there." };
        var (device, dtype) = (ComputeOptions.Device(), ComputeOptions.Dtype());
        var command = new DocumentedCommand("ask", "Ask a model about one image: its answer, and the masks it asks for.")
        {
            Group = "Models",
            Examples =
            [
                "pipeline ask scene.png --model models/demo --text \"the red ring\" --out answer.png",
                "pipeline ask street.jpg --model models/lisa-13b-llama2 --conversation llava_llama_2 --sentence --text \"Who is crossing, and why? Please output segmentation mask and explain.\" --device cuda --dtype bfloat16",
            ],
        };
        command.Arguments.Add(image);
        foreach (var option in (Option[])[model, text, sentence, prune, tokens, conversation, file, device, dtype])
            command.Options.Add(option);
        command.SetAction(line => Execute(
            new Options(
                line.GetRequiredValue(image),
                line.GetRequiredValue(model),
                line.GetRequiredValue(text),
                line.GetValue(sentence),
                line.GetRequiredValue(prune),
                line.GetRequiredValue(tokens),
                line.GetValue(conversation),
                line.GetValue(file),
                line.GetRequiredValue(device),
                line.GetRequiredValue(dtype)),
            catalog,
            line.InvocationConfiguration.Output));
        return command;
    }

    /// <exception cref="FileNotFoundException">There is no such image.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="InvalidDataException">The image cannot be read, the folder is no checkpoint, or the variant is wrong for it; the message says what would be right.</exception>
    public static int Execute(Options options, IModelCatalog catalog, TextWriter output)
    {
        var image = InputImage.Read(options.Image);
        if (!Directory.Exists(options.Model))
            throw new DirectoryNotFoundException($"{options.Model} does not exist; expected the folder of a LISA checkpoint");
        var variant = VariantSpec.Parse(options.Prune, catalog, ModelProfiles.Find(options.Model).Shape);

        using var model = LisaModel.Load(
            options.Model,
            ComputeOptions.DeviceNamed(options.Device),
            ComputeOptions.DtypeNamed(options.Dtype),
            options.Conversation is { } name ? Conversation.Named(name) : null);
        using var encoded = model.Encode(image);
        var said = model.Generate(encoded, [new Expression(options.Text, options.IsSentence, null)], PruningMethods.Create(variant), options.MaxNewTokens)[0];
        output.WriteLine(said.Answer!.Text);
        output.WriteLine(Describe(said, said.Answer));
        if (options.Out is { } path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(path, ImageCodec.EncodePng(Panels.Masked(image, said.Answer.Parts is { } parts ? [.. parts.Select(part => part.Decode())] : [said.Mask])));
            output.WriteLine(path);
        }

        return ExitCode.Ok;
    }

    private static string Describe(SegmentationOutput said, GeneratedAnswer answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Masks} {(answer.Masks == 1 ? "mask" : "masks")}, {answer.Tokens} new tokens{(answer.Truncated ? ", cut off by the limit" : "")}; prompt {said.LlmMilliseconds - answer.DecodeMilliseconds:0} ms, answer {answer.DecodeMilliseconds:0} ms, masks {said.MaskMilliseconds:0} ms");
}
