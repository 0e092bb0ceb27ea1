using Pipeline.TrainDemo.Data;
using Pipeline.TrainDemo.Optimization;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Stages;

/// <summary>A part of the training: which weights learn from what.</summary>
internal interface IStage
{
    string Name { get; }

    StagePlan Plan { get; }

    /// <summary>The weights that learn; all others stand still.</summary>
    IReadOnlyList<TrainableParameter> Parameters { get; }

    /// <summary>Called by several ranks at once.</summary>
    /// <param name="scenes">At least one.</param>
    /// <param name="step">Of this stage, from 0.</param>
    /// <returns>Sums over the scenes, in the caller's dispose scope.</returns>
    LossTerms Loss(IReadOnlyList<TrainingScene> scenes, int step);

    /// <summary>How the stage asks for the masks of a scene's expressions when it is measured.</summary>
    /// <returns>(E, C).</returns>
    Tensor Prompts(TrainingScene scene);
}
