using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Cli.Pruning;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline prune IMAGE</c>: a picture of what pruning variants keep of one image, and what comes of it.</summary>
public static class PruneCommand
{
    private const int Superpixels = 64;

    /// <summary>What to show.</summary>
    /// <param name="Image">JPEG or PNG file.</param>
    /// <param name="Model">Folder of a LISA checkpoint.</param>
    /// <param name="Text">The expression.</param>
    /// <param name="IsSentence">It is a whole question rather than a phrase.</param>
    /// <param name="Variants">In the short form, one or more in each.</param>
    /// <param name="Out">PNG file.</param>
    public sealed record Options(string Image, string Model, string Text, bool IsSentence, IReadOnlyList<string> Variants, string Out, string Device, string Dtype);

    public static Command Create(IModelCatalog catalog)
    {
        var image = new Argument<string>("image") { HelpName = "IMAGE", Description = "JPEG or PNG file." };
        var model = new Option<string>("--model") { HelpName = "DIR", Description = "Folder of a LISA checkpoint.", Required = true };
        var text = new Option<string>("--text") { HelpName = "T", Description = "What to segment: a phrase.", Required = true };
        var sentence = new Option<bool>("--sentence") { Description = "The text is a whole question or instruction." };
        var variants = new Option<string[]>("--variants")
        {
            HelpName = "SPEC[,SPEC...]",
            Description = "Variants as in a job file, lists with slashes: none,fastv:layer=2,keep=0.5; may be given again.",
            Required = true,
        };
        var file = new Option<string>("--out") { HelpName = "PNG", Description = "File of the picture; replaced if it is there.", Required = true };
        var (device, dtype) = (ComputeOptions.Device(), ComputeOptions.Dtype());
        var command = new DocumentedCommand("prune", "Draw what pruning variants keep of one image, stage by stage, and their masks.")
        {
            Group = "Models",
            Examples =
            [
                "pipeline prune street.jpg --model models/demo --text \"the red car\" --variants none,fastv:layer=2,keep=0.5 --out street.png",
                "pipeline prune street.jpg --model models/lisa-7b --text \"Who is crossing?\" --sentence --variants pyramiddrop,kcenter:keep=0.25 --out street.png --device cuda --dtype bfloat16",
            ],
        };
        command.Arguments.Add(image);
        foreach (var option in (Option[])[model, text, sentence, variants, file, device, dtype])
            command.Options.Add(option);
        command.SetAction((line, token) => Task.FromResult(Execute(
            new Options(
                line.GetRequiredValue(image),
                line.GetRequiredValue(model),
                line.GetRequiredValue(text),
                line.GetValue(sentence),
                line.GetRequiredValue(variants),
                line.GetRequiredValue(file),
                line.GetRequiredValue(device),
                line.GetRequiredValue(dtype)),
            catalog,
            line.InvocationConfiguration.Output,
            token)));
        return command;
    }

    /// <exception cref="FileNotFoundException">There is no such image.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="InvalidDataException">The image cannot be read, the folder is no checkpoint, or a variant is wrong for it; the message says what would be right.</exception>
    public static int Execute(Options options, IModelCatalog catalog, TextWriter output, CancellationToken token)
    {
        var image = InputImage.Read(options.Image);
        if (!Directory.Exists(options.Model))
            throw new DirectoryNotFoundException($"{options.Model} does not exist; expected the folder of a LISA checkpoint");
        var shape = ModelProfiles.Find(options.Model).Shape;
        VariantSpec[] variants = [.. options.Variants.SelectMany(VariantList.Split).Select(spec => VariantSpec.Parse(spec, catalog, shape))];

        using var model = LisaModel.Load(options.Model, ComputeOptions.DeviceNamed(options.Device), ComputeOptions.DtypeNamed(options.Dtype));
        using var encoded = model.Encode(image);
        Expression[] expression = [new(options.Text, options.IsSentence, null)];
        var rows = variants.Select(variant =>
        {
            token.ThrowIfCancellationRequested();
            return Describe(variant, shape, model.Segment(encoded, expression, PruningMethods.Create(variant), new PruningTrace())[0]);
        });
        var sheet = new ContactSheet
        {
            Title = Title(options, shape),
            Note = $"Kept visual tokens in full light. TFLOPs of the language model in convention {FlopsConvention.PyramidDrop.Name}: {FlopsConvention.PyramidDrop.Summary}.",
            Image = image,
            Superpixels = encoded.Evidence.Superpixels(new SlicOptions { Segments = Superpixels, Mode = SlicMode.Fast }),
            Model = shape,
            Rows = [.. rows],
        };
        Write(options.Out, ImageCodec.EncodePng(sheet.Draw()));
        var table = new TextTable("variant", "cost");
        foreach (var row in sheet.Rows)
            table.Add(row.Name, row.Cost);
        table.Write(output);
        output.WriteLine(options.Out);
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

    private static string[] Title(Options options, ModelShape shape)
    {
        var model = $"{Path.GetFileName(options.Image)}, {Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Model))}: {shape.Layers} layers, {shape.GridHeight} x {shape.GridWidth} visual tokens";
        string[] title = [$"\"{options.Text}\"", model];
        return LisaConfig.Read(Path.Combine(options.Model, "config.json")).RandomWeights
            ? [.. title, "RANDOM WEIGHTS: the checkpoint was never trained; masks and attention mean nothing."]
            : title;
    }

    private static void Write(string path, byte[] png)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, png);
    }
}
