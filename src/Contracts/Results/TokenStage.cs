namespace Pipeline.Contracts.Results;

/// <summary>Layers of the language model that run on the same visual tokens, up to the next stage or the last layer.</summary>
/// <param name="FirstLayer">The first of them.</param>
/// <param name="Kept">Their visual tokens: indices into the model's grid, row by row, ascending.</param>
public sealed record TokenStage(int FirstLayer, IReadOnlyList<int> Kept);
