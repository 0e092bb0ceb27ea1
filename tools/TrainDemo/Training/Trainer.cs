using System.Diagnostics;
using System.Globalization;
using Pipeline.Contracts.Manifests;
using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using Pipeline.TrainDemo.Stages;

namespace Pipeline.TrainDemo.Training;

/// <summary>Takes a model through the stages of a recipe; whatever interrupts it, it continues from its last state bit for bit.</summary>
/// <param name="model">With the weights of the recipe's seed.</param>
/// <param name="recipe">What to do.</param>
/// <param name="options">What to say and to keep.</param>
/// <param name="output">Gets progress lines.</param>
internal sealed class Trainer(TrainableModel model, Recipe recipe, TrainerOptions options, TextWriter output)
{
    private const int ValidationSeed = 0;

    private readonly SceneSource scenes = new(SyntheticSplit.Train, recipe.Seed, recipe.SceneSide);
    private readonly HeldOutEvaluation evaluation = new(model, new SceneSource(SyntheticSplit.Validation, ValidationSeed, recipe.SceneSide), options.EvaluationScenes);
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>Trains to the end, or until <paramref name="stop"/>; then the state is on disk.</summary>
    /// <returns>Whether it came to the end; then the weights are the averaged ones.</returns>
    public bool Run(CancellationToken stop)
    {
        IStage[] stages = [new VisionStage(model, recipe), new PatchStage(model, recipe), new LanguageStage(model, recipe), new GroundingStage(model, recipe), new MaskStage(model, recipe), new JointStage(model, recipe)];
        using var state = File.Exists(options.StateFile) ? TrainingState.Open(options.StateFile, recipe.Fingerprint) : null;
        var firstScene = 0;
        foreach (var stage in stages.Where(stage => stage.Plan.Steps > 0))
        {
            var isPast = state is not null && Array.FindIndex(stages, other => other.Name == state.Progress.Stage) > Array.IndexOf(stages, stage);
            if (!isPast && !RunStage(stage, firstScene, state?.Progress.Stage == stage.Name ? state : null, stop))
                return false;
            firstScene += stage.Plan.Steps * recipe.Ranks * stage.Plan.ImagesPerRank;
        }

        return true;
    }

    private bool RunStage(IStage stage, int firstScene, TrainingState? state, CancellationToken stop)
    {
        foreach (var weight in model.Weights.Values)
            weight.requires_grad_(false);
        using var optimizer = new Optimizer(stage.Parameters, recipe.Ranks);
        using var average = new WeightAverage(stage.Parameters, recipe.Ranks, recipe.AveragingDecay);
        state?.Restore(model.Weights, optimizer, average);
        foreach (var parameter in stage.Parameters)
            parameter.Value.requires_grad_(true);
        using var team = new RankTeam(recipe.Ranks);
        var step = new TrainingStep(stage, recipe, optimizer, average, team, scenes, firstScene);
        var terms = Enumerable.Range(0, team.Ranks).Select(_ => new TermAverages()).ToArray();
        var scores = new HeldOutScore[team.Ranks];
        var (done, stopping, sincePrint) = (state?.Progress.Step ?? 0, false, Stopwatch.GetTimestamp());
        team.Run(Work);
        if (done < stage.Plan.Steps)
            return false;
        average.Swap();
        return true;

        void Work(int rank)
        {
            for (var next = done; next < stage.Plan.Steps; next++)
            {
                step.Run(rank, next, terms[rank]);
                if (IsDue(next + 1, options.EvaluateEvery))
                    Evaluate(rank);
                // One rank decides for all, between two meetings of theirs.
                team.Meet();
                if (rank == 0)
                    Conclude(next + 1);
                team.Meet();
                if (stopping)
                    return;
            }
        }

        bool IsDue(int reached, int every) => reached % every == 0 || reached == stage.Plan.Steps;

        void Evaluate(int rank)
        {
            if (rank == 0)
                average.Swap();
            team.Meet();
            scores[rank] = evaluation.Share(stage, rank, team.Ranks);
            team.Meet();
            if (rank == 0)
                average.Swap();
        }

        void Conclude(int reached)
        {
            done = reached;
            if (IsDue(reached, options.ProgressEvery))
                Print(reached, IsDue(reached, options.EvaluateEvery));
            stopping = stop.IsCancellationRequested;
            if (stopping || IsDue(reached, options.StateEvery))
                TrainingState.Write(options.StateFile, new TrainingProgress(recipe.Fingerprint, recipe.Seed, stage.Name, reached), model.Weights, optimizer, average);
        }

        void Print(int reached, bool evaluated)
        {
            var speed = Math.Min(options.ProgressEvery, reached) * team.Ranks * stage.Plan.ImagesPerRank / Stopwatch.GetElapsedTime(sincePrint).TotalSeconds;
            sincePrint = Stopwatch.GetTimestamp();
            var line = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed:h\\:mm\\:ss} {stage.Name} {reached}/{stage.Plan.Steps} {speed:F1} images/s; {TermAverages.Take(terms)}");
            if (evaluated)
            {
                var score = HeldOutScore.Sum(scores);
                line += $"; {score}";
                File.AppendAllText(options.CurveFile, string.Create(CultureInfo.InvariantCulture, $"{stage.Name},{reached},{watch.Elapsed.TotalMinutes:F1},{score.ToCsv()}\n"));
            }

            output.WriteLine(line);
            output.Flush();
        }
    }
}
