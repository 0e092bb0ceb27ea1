namespace Pipeline.Segmentation.Lisa;

/// <summary>The tensors a model consists of, without their numbers.</summary>
internal sealed class TensorPlan : ITensorList
{
    private readonly List<RandomTensor> tensors = [];

    /// <summary>In the order they were named.</summary>
    public IReadOnlyList<RandomTensor> Tensors => tensors;

    /// <summary>What a checkpoint must hold.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes => tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);

    /// <summary>Numbers in all tensors.</summary>
    public long Parameters => tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));

    public static TensorPlan Of(Action<TensorPlan> fill)
    {
        var plan = new TensorPlan();
        fill(plan);
        return plan;
    }

    public void Add(string name, double deviation, double mean, params long[] shape) => tensors.Add(new RandomTensor(name, deviation, mean, shape));
}
