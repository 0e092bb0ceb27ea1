using System.Diagnostics;
using System.Globalization;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using TorchSharp;

namespace Pipeline.Benchmarks;

/// <summary>The model called in a loop, a program of its own as an evaluation script is: load, encode each image once, segment it with every variant, keep nothing.</summary>
internal static class BareLoop
{
    /// <summary>The argument that runs it, before the job file.</summary>
    public const string Verb = "bare-loop";

    /// <summary>Prints the seconds from loading the model to the last mask. Images are in memory before that; one thread.</summary>
    /// <param name="job">Of synthetic scenes.</param>
    public static void Run(string job, TextWriter output)
    {
        var spec = JobFile.Read(job, new ModelCatalog()).Spec!;
        var variants = spec.Variants.Select(PruningMethods.Create).ToList();
        var scenes = Enumerable.Range(0, spec.Dataset.Count).Select(index => Scene(spec.Dataset, index)).ToList();
        torch.set_num_threads(1);
        var start = Stopwatch.GetTimestamp();
        using var model = LisaModel.Load(spec.Model.Checkpoint, torch.CPU, torch.ScalarType.Float32);
        foreach (var (image, expressions) in scenes)
        {
            using var encoded = model.Encode(image);
            foreach (var variant in variants)
                model.Segment(encoded, expressions, variant);
        }

        output.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
    }

    private static (RgbImage Image, Expression[] Expressions) Scene(DatasetSpec dataset, int index)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(dataset.Seed, index, dataset.Size, dataset.Size), dataset.Expressions);
        return (new RgbImage(scene.Width, scene.Height, scene.Rgb), [.. scene.Expressions.Select(expression => new Expression(expression.Text, expression.IsSentence, null))]);
    }
}
