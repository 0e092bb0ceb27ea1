using System.CommandLine;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Questions;

/// <summary>A <see cref="Question"/> on the command line, the same for all commands that ask one.</summary>
internal sealed class QuestionOptions
{
    private readonly Argument<string> image = new("image") { HelpName = "IMAGE", Description = "JPEG or PNG file." };
    private readonly Option<string> model = new("--model") { HelpName = "DIR", Description = "Folder of a LISA checkpoint.", Required = true };
    private readonly Option<string> text = new("--text") { HelpName = "T", Description = "What to segment: a phrase.", Required = true };
    private readonly Option<bool> sentence = new("--sentence") { Description = "The text is a whole question or instruction, said as it stands." };
    private readonly Option<string> device = ComputeOptions.Device();
    private readonly Option<string> dtype = ComputeOptions.Dtype();

    /// <param name="more">What the command has besides; on its help page they stand between what is asked and where it is computed.</param>
    public void AddTo(Command command, params IEnumerable<Option> more)
    {
        command.Arguments.Add(image);
        foreach (var option in (Option[])[model, text, sentence, .. more, device, dtype])
            command.Options.Add(option);
    }

    public Question Read(ParseResult line) => new(
        line.GetRequiredValue(image),
        line.GetRequiredValue(model),
        line.GetRequiredValue(text),
        line.GetValue(sentence),
        line.GetRequiredValue(device),
        line.GetRequiredValue(dtype));
}
