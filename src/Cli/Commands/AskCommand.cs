using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Cli.Pruning;
using Pipeline.Cli.Questions;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Text;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline ask IMAGE</c>: one question about one image, answered in the model's own words, with the masks drawn on the image.</summary>
public static class AskCommand
{
    public static Command Create(IModelCatalog catalog)
    {
        var question = new QuestionOptions();
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
        var command = new DocumentedCommand("ask", "Ask a model about one image: its answer, and the masks it asks for.")
        {
            Group = "Models",
            Examples =
            [
                "pipeline ask scene.png --model models/demo --text \"the red ring\" --out answer.png",
                "pipeline ask street.jpg --model models/lisa-13b-llama2 --conversation llava_llama_2 --sentence --text \"Who is crossing, and why? Please output segmentation mask and explain.\" --device cuda --dtype bfloat16",
            ],
        };
        question.AddTo(command, prune, tokens, conversation, file);
        command.SetAction(line => Execute(
            new Request(question.Read(line), line.GetRequiredValue(prune), line.GetRequiredValue(tokens), line.GetValue(conversation), line.GetValue(file)),
            catalog,
            line.InvocationConfiguration.Output));
        return command;
    }

    private static int Execute(Request request, IModelCatalog catalog, TextWriter output)
    {
        var question = request.Question;
        var image = question.ReadImage();
        var variant = VariantSpec.Parse(request.Prune, catalog, question.ReadShape());

        using var model = question.LoadModel(request.Conversation is { } name ? Conversation.Named(name) : null);
        using var encoded = model.Encode(image);
        var said = model.Generate(encoded, [question.Expression], PruningMethods.Create(variant), request.MaxNewTokens)[0];
        output.WriteLine(said.Answer!.Text);
        output.WriteLine(Describe(said, said.Answer));
        if (request.Out is { } path)
        {
            PictureFile.Write(path, Panels.Masked(image, said.Answer.Parts is { } parts ? [.. parts.Select(part => part.Decode())] : [said.Mask]));
            output.WriteLine(path);
        }

        return ExitCode.Ok;
    }

    private static string Describe(SegmentationOutput said, GeneratedAnswer answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Masks} {(answer.Masks == 1 ? "mask" : "masks")}, {answer.Tokens} new tokens{(answer.Truncated ? ", cut off by the limit" : "")}; prompt {said.LlmMilliseconds - answer.DecodeMilliseconds:0} ms, answer {answer.DecodeMilliseconds:0} ms, masks {said.MaskMilliseconds:0} ms");

    /// <param name="Prune">A variant in the short form.</param>
    /// <param name="MaxNewTokens">Tokens the answer may have.</param>
    /// <param name="Conversation">Template of the prompt; null for the checkpoint's own.</param>
    /// <param name="Out">PNG file; null for none.</param>
    private sealed record Request(Question Question, string Prune, int MaxNewTokens, string? Conversation, string? Out);
}
