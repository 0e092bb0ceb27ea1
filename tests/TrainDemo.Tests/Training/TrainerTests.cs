using System.Diagnostics;
using System.Globalization;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int models;

    [Fact]
    public void A_few_hundred_steps_lower_the_loss_and_find_objects_in_scenes_never_seen()
    {
        using var model = Create(Recipe.Tiny);
        var log = new StringWriter();

        new Trainer(model, Recipe.Tiny, Options("learning") with { ProgressEvery = 10, EvaluateEvery = 1000 }, log).Run(CancellationToken.None).ShouldBeTrue();

        var lines = log.ToString().Split('\n');
        var first = lines.First(line => line.Contains(" language ", StringComparison.Ordinal));
        var last = lines.Last(line => line.Contains(" joint ", StringComparison.Ordinal));
        Term(last, "location").ShouldBeLessThan(Term(first, "location") - 0.3, log.ToString());
        log.ToString().ShouldNotContain("NaN");
        var scores = File.ReadAllLines(Options("learning").CurveFile).Select(line => line.Split(',')).ToArray();
        var (before, after) = (Score(scores, "language"), Score(scores, "joint"));
        after.ShouldBeGreaterThan(before + 0.05, log.ToString());
        after.ShouldBeGreaterThan(0.15, log.ToString());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public void A_training_that_was_interrupted_continues_to_the_same_bits(int steps, int interruptAt)
    {
        var recipe = Short(steps: 2 + steps);
        using var whole = Create(recipe);
        new Trainer(whole, recipe, Options("whole"), TextWriter.Null).Run(CancellationToken.None).ShouldBeTrue();

        using (var first = Create(recipe))
        {
            using var stop = new CancellationTokenSource();
            var output = new InterruptingWriter("language", interruptAt, stop.Cancel);
            new Trainer(first, recipe, Options("parts") with { ProgressEvery = 1 }, output).Run(stop.Token).ShouldBeFalse();
        }

        using var resumed = Create(recipe);
        new Trainer(resumed, recipe, Options("parts"), TextWriter.Null).Run(CancellationToken.None).ShouldBeTrue();

        ShouldBeTheSame(resumed, whole);
    }

    [Fact]
    public void A_training_that_was_killed_continues_from_its_last_state_to_the_same_bits()
    {
        var recipe = Short(steps: 4);
        using var whole = Create(recipe);
        new Trainer(whole, recipe, Options("whole"), TextWriter.Null).Run(CancellationToken.None).ShouldBeTrue();

        using (var first = Create(recipe))
        {
            var output = new InterruptingWriter("joint", 3, () => throw new InvalidOperationException("killed"));
            Should.Throw<InvalidOperationException>(() => new Trainer(first, recipe, Options("parts") with { ProgressEvery = 1, StateEvery = 2 }, output).Run(CancellationToken.None))
                .Message.ShouldBe("killed");
        }

        using var resumed = Create(recipe);
        new Trainer(resumed, recipe, Options("parts"), TextWriter.Null).Run(CancellationToken.None).ShouldBeTrue();

        ShouldBeTheSame(resumed, whole);
    }

    [Fact]
    public void A_state_of_another_recipe_is_refused_with_both_names()
    {
        var recipe = Short(steps: 1);
        using var model = Create(recipe);
        new Trainer(model, recipe, Options("one") with { StateEvery = 1 }, TextWriter.Null).Run(CancellationToken.None).ShouldBeTrue();
        var other = recipe with { Seed = 2 };

        var fault = Should.Throw<Segmentation.Checkpoints.CheckpointException>(() => new Trainer(model, other, Options("one"), TextWriter.Null).Run(CancellationToken.None));

        fault.Message.ShouldContain(recipe.Fingerprint);
        fault.Message.ShouldContain(other.Fingerprint);
    }

    [Fact]
    public void Five_hundred_steps_leave_no_tensors_and_no_memory_behind()
    {
        var recipe = Short(steps: 1) with { Language = Recipe.Tiny.Language with { Steps = 500, ImagesPerRank = 1 } };
        using var model = Create(recipe);
        var (tensors, bytes) = (new List<long>(), new List<long>());
        var output = new InterruptingWriter("language", every: 100, () =>
        {
            tensors.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            bytes.Add(Process.GetCurrentProcess().WorkingSet64);
        });

        new Trainer(model, recipe, Options("long") with { ProgressEvery = 100, EvaluateEvery = 100, EvaluationScenes = 2 }, output).Run(CancellationToken.None).ShouldBeTrue();

        tensors.Count.ShouldBe(5);
        tensors.ShouldAllBe(count => count == tensors[0]);
        ((double)bytes[^1]).ShouldBeLessThan(1.15 * bytes[0], string.Join(", ", bytes));
    }

    public void Dispose() => folder.Dispose();

    private static Recipe Short(int steps) => Recipe.Tiny with
    {
        Name = "short",
        Vision = Recipe.Tiny.Vision with { Steps = steps, ImagesPerRank = 1 },
        Patches = Recipe.Tiny.Patches with { Steps = steps, ImagesPerRank = 1 },
        Masks = Recipe.Tiny.Masks with { Steps = steps, ImagesPerRank = 1 },
        Language = Recipe.Tiny.Language with { Steps = steps, ImagesPerRank = 1 },
        Grounding = Recipe.Tiny.Grounding with { Steps = steps, ImagesPerRank = 1 },
        Joint = Recipe.Tiny.Joint with { Steps = steps, ImagesPerRank = 1 },
    };

    /// <returns>gIoU when a stage was measured first.</returns>
    private static double Score(string[][] curve, string stage) => double.Parse(curve.First(line => line[0] == stage)[3], CultureInfo.InvariantCulture);

    private static double Term(string line, string name) => double.Parse(line.Split($"{name} ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    private static void ShouldBeTheSame(TrainableModel found, TrainableModel expected)
    {
        foreach (var (name, weight) in expected.Weights)
            found.Weights[name].bytes.SequenceEqual(weight.bytes).ShouldBeTrue(name);
    }

    private TrainableModel Create(Recipe recipe)
    {
        set_num_threads(1);
        return TrainableModel.Create(folder.File($"model-{++models}"), recipe.Sizes, recipe.Seed, CPU);
    }

    private TrainerOptions Options(string name) => new()
    {
        StateFile = folder.File(name + ".safetensors"),
        CurveFile = folder.File(name + ".csv"),
        EvaluationScenes = 16,
    };
}
