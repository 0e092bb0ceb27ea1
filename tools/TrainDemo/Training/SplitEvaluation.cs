using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.TrainDemo.Data;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Training;

/// <summary>A checkpoint as the pipeline runs it, on scenes of a split.</summary>
/// <param name="checkpoint">Folder of a LISA.</param>
/// <param name="split">Which scenes.</param>
/// <param name="seed">Of the scenes.</param>
/// <param name="count">How many.</param>
internal sealed class SplitEvaluation(string checkpoint, SyntheticSplit split, int seed, int count)
{
    private const int Side = 256;

    private readonly SceneSource scenes = new(split, seed, Side);

    /// <param name="threads">Each loads the model.</param>
    /// <param name="shuffled">Ask each image for what the next one shows.</param>
    public HeldOutScore Measure(int threads, bool shuffled)
    {
        using var team = new RankTeam(threads);
        var scores = new HeldOutScore[threads];
        team.Run(rank =>
        {
            using var model = LisaModel.Load(checkpoint, CPU, ScalarType.Float32);
            var score = new HeldOutScore();
            for (var index = rank; index < count; index += threads)
                Add(score, model, scenes[index], shuffled ? scenes[index + 1].Expressions : scenes[index].Expressions);
            scores[rank] = score;
        });
        return HeldOutScore.Sum(scores);
    }

    private static void Add(HeldOutScore score, LisaModel model, TrainingScene scene, IReadOnlyList<SceneExpression> asked)
    {
        using var encoded = model.Encode(scene.Image);
        var pruning = PruningMethods.Create(VariantSpec.None);
        var found = model.Segment(encoded, [.. asked.Select(expression => new Expression(expression.Text, expression.IsSentence, null))], pruning);
        for (var i = 0; i < found.Count; i++)
            score.Add(scene.Expressions[i], found[i].Mask);
    }
}
