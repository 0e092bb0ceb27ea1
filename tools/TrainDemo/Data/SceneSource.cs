using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;

namespace Pipeline.TrainDemo.Data;

/// <summary>The scenes of one split of the synthetic dataset: any number, each made when asked for.</summary>
/// <param name="split">Training and measuring never share one.</param>
/// <param name="seed">Of the scenes.</param>
/// <param name="side">Width and height in pixels.</param>
internal sealed class SceneSource(SyntheticSplit split, int seed, int side)
{
    public TrainingScene this[int index] =>
        TrainingScene.Of(SyntheticScenes.Render(new SyntheticScene(seed, index, side, side) { Split = split }, SyntheticScenes.MostExpressions));
}
