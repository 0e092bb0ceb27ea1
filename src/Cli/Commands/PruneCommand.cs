using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Cli.Pruning;
using Pipeline.Cli.Questions;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline prune IMAGE</c>: a picture of what pruning variants keep of one image, and what comes of it.</summary>
public static class PruneCommand
{
    private const int Superpixels = 64;

    public static Command Create(IModelCatalog catalog)
    {
        var question = new QuestionOptions();
        var variants = new Option<string[]>("--variants")
        {
            HelpName = "SPEC[,SPEC...]",
            Description = "Variants as in a job file, lists with slashes: none,fastv:layer=2,keep=0.5; may be given again.",
            Required = true,
        };
        var file = new Option<string>("--out") { HelpName = "PNG", Description = "File of the picture; replaced if it is there.", Required = true };
        var command = new DocumentedCommand("prune", "Draw what pruning variants keep of one image, stage by stage, and their masks.")
        {
            Group = "Models",
            Examples =
            [
                "pipeline prune street.jpg --model models/demo --text \"the red car\" --variants none,fastv:layer=2,keep=0.5 --out street.png",
                "pipeline prune street.jpg --model models/lisa-7b --text \"Who is crossing?\" --sentence --variants pyramiddrop,kcenter:keep=0.25 --out street.png --device cuda --dtype bfloat16",
            ],
        };
        question.AddTo(command, variants, file);
        command.SetAction((line, token) => Task.FromResult(Execute(
            question.Read(line), line.GetRequiredValue(variants), line.GetRequiredValue(file), catalog, line.InvocationConfiguration.Output, token)));
        return command;
    }

    private static int Execute(Question question, IEnumerable<string> specs, string file, IModelCatalog catalog, TextWriter output, CancellationToken token)
    {
        var image = question.ReadImage();
        var shape = question.ReadShape();
        VariantSpec[] variants = [.. specs.SelectMany(VariantList.Split).Select(spec => VariantSpec.Parse(spec, catalog, shape))];

        using var model = question.LoadModel();
        using var encoded = model.Encode(image);
        var rows = variants.Select(variant =>
        {
            token.ThrowIfCancellationRequested();
            return Describe(variant, shape, model.Segment(encoded, [question.Expression], PruningMethods.Create(variant), new PruningTrace())[0]);
        });
        var sheet = new ContactSheet
        {
            Title = Title(question, shape),
            Note = $"Kept visual tokens in full light. TFLOPs of the language model in convention {FlopsConvention.PyramidDrop.Name}: {FlopsConvention.PyramidDrop.Summary}.",
            Image = image,
            Superpixels = encoded.Evidence.Superpixels(new SlicOptions { Segments = Superpixels, Mode = SlicMode.Fast }),
            Model = shape,
            Rows = [.. rows],
        };
        PictureFile.Write(file, sheet.Draw());
        var table = new TextTable("variant", "cost");
        foreach (var row in sheet.Rows)
            table.Add(row.Name, row.Cost);
        table.Write(output);
        output.WriteLine(file);
        return ExitCode.Ok;
    }

    private static SheetRow Describe(VariantSpec variant, ModelShape shape, SegmentationOutput output)
    {
        var flops = FlopsConvention.PyramidDrop.Total(shape, output.Tokens, output.VisualTokens);
        var share = flops / (shape.Layers * FlopsConvention.PyramidDrop.Layer(shape, shape.VisualTokens));
        var cost = string.Create(
            CultureInfo.InvariantCulture, $"{output.VisualTokens.Average():0.#} of {shape.VisualTokens} visual tokens in the mean layer, {Tera(flops)} TFLOPs, {100 * share:0.0} % of none");
        return new SheetRow($"{variant.Name}{(variant.IsReimplementation ? " (re-implementation)" : "")}", cost, output.Stages!, output.Mask);
    }

    /// <summary>Four decimals, or three digits of what is smaller.</summary>
    private static string Tera(double flops) => (flops / 1e12).ToString(flops >= 1e9 ? "0.####" : "0.##E+0", CultureInfo.InvariantCulture);

    private static string[] Title(Question question, ModelShape shape)
    {
        var model = $"{Path.GetFileName(question.Image)}, {Path.GetFileName(Path.TrimEndingDirectorySeparator(question.Model))}: {shape.Layers} layers, {shape.GridHeight} x {shape.GridWidth} visual tokens";
        string[] title = [$"\"{question.Text}\"", model];
        return LisaConfig.Read(Path.Combine(question.Model, "config.json")).RandomWeights
            ? [.. title, "RANDOM WEIGHTS: the checkpoint was never trained; masks and attention mean nothing."]
            : title;
    }
}
