using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Optimization;
using Pipeline.TrainDemo.Stages;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Training;

/// <summary>One step of a stage, shared by the ranks: each differentiates its images, then each updates its part of the weights.</summary>
internal sealed class TrainingStep(IStage stage, Recipe recipe, Optimizer optimizer, WeightAverage average, RankTeam team, SceneSource scenes, int firstScene)
{
    private readonly CosineSchedule schedule = new(stage.Plan.WarmUp, stage.Plan.ScheduleSteps ?? stage.Plan.Steps, stage.Plan.FinalShare);
    private readonly Tensor?[][] gradients = new Tensor?[team.Ranks][];
    private readonly double[] squaredNorms = new double[team.Ranks];
    private readonly Tensor[] weights = [.. stage.Parameters.Select(parameter => parameter.Value)];

    /// <summary>Called by all ranks; returns when all weights are updated.</summary>
    /// <param name="rank">The caller.</param>
    /// <param name="step">From 0.</param>
    /// <param name="terms">Gets the rank's loss terms.</param>
    /// <exception cref="InvalidOperationException">The loss has become infinite or no number at all.</exception>
    public void Run(int rank, int step, TermAverages terms)
    {
        gradients[rank] = Differentiate(rank, step, terms);
        team.Meet();
        squaredNorms[rank] = optimizer.SquaredNorm(rank, gradients, 1.0 / team.Ranks);
        team.Meet();
        var norm = Math.Sqrt(squaredNorms.Sum());
        if (!double.IsFinite(norm))
            throw new InvalidOperationException($"stage {stage.Name}, step {step}: the gradient is {norm}; a lower rate may help");
        var factor = schedule.At(step);
        optimizer.Step(rank, gradients, Math.Min(1, recipe.LongestGradient / norm) / team.Ranks, new LearningRates(stage.Plan.Rate, recipe.AdamWShare * stage.Plan.Rate).Times(factor));
        average.Update(rank);
        team.Meet();
        foreach (var gradient in gradients[rank])
            gradient?.Dispose();
    }

    /// <returns>By parameter, outside every dispose scope; null where the loss does not depend on it.</returns>
    private Tensor?[] Differentiate(int rank, int step, TermAverages terms)
    {
        var plan = stage.Plan;
        var first = firstScene + (((step * team.Ranks) + rank) * plan.ImagesPerRank);
        var sum = new Tensor?[weights.Length];
        foreach (var chunk in Enumerable.Range(first, plan.ImagesPerRank).Chunk(plan.ImagesPerGraph))
        {
            using var scope = NewDisposeScope();
            var loss = stage.Loss([.. chunk.Select(index => scenes[index])], step);
            var found = autograd.grad([loss.Total / plan.ImagesPerRank], weights, allow_unused: true);
            terms.Add(loss.Read());
            for (var i = 0; i < sum.Length; i++)
            {
                if (found[i].IsInvalid)
                    continue;
                if (sum[i] is { } before)
                    before.add_(found[i]);
                else
                    sum[i] = found[i].DetachFromDisposeScope();
            }
        }

        return sum;
    }
}
