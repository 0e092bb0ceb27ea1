namespace Pipeline.TrainDemo.Optimization;

/// <summary>Where a training stands.</summary>
/// <param name="Recipe">Hash of everything that decides its course.</param>
/// <param name="Seed">Of its random numbers.</param>
/// <param name="Stage">The stage it is in.</param>
/// <param name="Step">Steps of the stage that are done.</param>
internal sealed record TrainingProgress(string Recipe, long Seed, string Stage, int Step);
