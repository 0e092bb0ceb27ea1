using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Random weights, drawn as they are named.</summary>
/// <param name="seed">Of all tensors.</param>
/// <param name="dtype">What they are rounded to.</param>
internal sealed class RandomTensors(int seed, ScalarType dtype = ScalarType.BFloat16) : ITensorList, IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = [];

    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Adds a tensor with mean <paramref name="mean"/> and standard deviation <paramref name="deviation"/>.</summary>
    public void Add(string name, double deviation, double mean, params long[] shape) =>
        tensors.Add(name, new RandomTensor(name, deviation, mean, shape).Draw(seed, dtype));

    public void Dispose() => tensors.Values.ToList().ForEach(tensor => tensor.Dispose());
}
