namespace Pipeline.TrainDemo.Training;

/// <summary>What a training says and keeps; nothing here changes what it makes.</summary>
internal sealed record TrainerOptions
{
    /// <summary>Holds what a resumed training continues from.</summary>
    public required string StateFile { get; init; }

    /// <summary>Gets a line of comma-separated values for every evaluation.</summary>
    public required string CurveFile { get; init; }

    /// <summary>Steps between two progress lines.</summary>
    public int ProgressEvery { get; init; } = 50;

    /// <summary>Steps between two evaluations.</summary>
    public int EvaluateEvery { get; init; } = 400;

    /// <summary>Scenes of the validation split that an evaluation looks at, twelve expressions each.</summary>
    public int EvaluationScenes { get; init; } = 32;

    /// <summary>Steps between two states on disk.</summary>
    public int StateEvery { get; init; } = 200;
}
