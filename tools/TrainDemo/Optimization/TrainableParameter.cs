using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>A weight and how it is updated.</summary>
/// <param name="Name">Unique; names it in a saved state.</param>
/// <param name="Value">float32, contiguous, CPU; a matrix where the rule is Muon. Updated in place.</param>
/// <param name="Rule">Which step it takes.</param>
/// <param name="Matrices">Matrices of equal height stacked along dimension 0 (three in a qkv weight), each made orthogonal for itself; Muon only.</param>
/// <param name="RateScale">Times the learning rate of its rule.</param>
/// <param name="Decay">Whether its weights decay; not for biases and norms.</param>
internal sealed record TrainableParameter(
    string Name, Tensor Value, UpdateRule Rule, int Matrices = 1, double RateScale = 1, bool Decay = true);
