using Pipeline.Segmentation.Checkpoints;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Optimization;

public sealed class TrainingStateTests : IDisposable
{
    private static readonly TrainingProgress Progress = new(Recipe: "4f1c", Seed: 17, Stage: "language", Step: 6);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("training-state-");

    private string File => Path.Combine(folder.FullName, "state.safetensors");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void A_killed_training_continues_bit_for_bit(int ranks, int ranksAfterwards)
    {
        using var whole = new Run(ranks);
        whole.Steps(6);
        TrainingState.Write(File, Progress, whole.Regression.Weights, whole.Optimizer, whole.Average);
        whole.Steps(6);

        using var resumed = new Run(ranksAfterwards);
        resumed.Steps(2);
        using (var state = TrainingState.Open(File, "4f1c"))
        {
            state.Progress.ShouldBe(Progress);
            state.Restore(resumed.Regression.Weights, resumed.Optimizer, resumed.Average);
        }

        resumed.Steps(6);
        resumed.Regression.Bits.ShouldBe(whole.Regression.Bits);
        resumed.Average.Swap();
        whole.Average.Swap();
        resumed.Regression.Bits.ShouldBe(whole.Regression.Bits);
    }

    [Fact]
    public void A_state_of_another_recipe_is_refused_by_both_names()
    {
        using var run = new Run(1);
        TrainingState.Write(File, Progress, run.Regression.Weights, run.Optimizer, run.Average);

        var message = Should.Throw<CheckpointException>(() => TrainingState.Open(File, "90ab")).Message;

        message.ShouldContain(File);
        message.ShouldContain("4f1c");
        message.ShouldContain("90ab");
    }

    [Fact]
    public void A_file_that_is_no_state_is_refused()
    {
        using var weight = zeros(2);
        SafetensorsWriter.Write(File, new Dictionary<string, Tensor> { ["w"] = weight });

        Should.Throw<CheckpointException>(() => TrainingState.Open(File, "4f1c")).Message.ShouldContain("'progress'");
    }

    [Fact]
    public void A_state_of_other_shapes_is_refused()
    {
        using var run = new Run(1);
        TrainingState.Write(File, Progress, run.Regression.Weights, run.Optimizer, run.Average);
        using var other = zeros(9, 9);
        using var state = TrainingState.Open(File, "4f1c");

        Should.Throw<CheckpointException>(() => state.Restore(new Dictionary<string, Tensor> { ["qkv"] = other }, run.Optimizer, run.Average))
            .Message.ShouldContain("'weights.qkv'");
    }

    [Fact]
    public void Writing_leaves_one_file()
    {
        using var run = new Run(1);
        for (var i = 0; i < 2; i++)
            TrainingState.Write(File, Progress, run.Regression.Weights, run.Optimizer, run.Average);

        folder.GetFiles().Select(file => file.Name).ShouldBe(["state.safetensors"]);
    }

    private sealed class Run : IDisposable
    {
        private readonly int ranks;

        public Run(int ranks)
        {
            this.ranks = ranks;
            Optimizer = new Optimizer(Regression.Parameters, ranks);
            Average = new WeightAverage(Regression.Parameters, ranks);
        }

        public Regression Regression { get; } = new();

        public Optimizer Optimizer { get; }

        public WeightAverage Average { get; }

        public void Steps(int count)
        {
            for (var step = 0; step < count; step++)
            {
                OptimizerTests.Step(Regression, Optimizer, ranks, 2 / ranks);
                Ranks.Run(ranks, Average.Update);
            }
        }

        public void Dispose()
        {
            Average.Dispose();
            Optimizer.Dispose();
            Regression.Dispose();
        }
    }
}
