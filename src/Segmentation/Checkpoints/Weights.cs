using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A view of a checkpoint under a prefix: <c>weights["layers"][3]["mlp"].Get("fc1.weight")</c> is tensor <c>layers.3.mlp.fc1.weight</c>.</summary>
public sealed class Weights
{
    private readonly Checkpoint checkpoint;
    private readonly string prefix;

    internal Weights(Checkpoint checkpoint, string prefix) => (this.checkpoint, this.prefix) = (checkpoint, prefix);

    /// <summary>Names of the tensors under the prefix, without it, ordinal order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var start = prefix.Length == 0 ? "" : prefix + ".";
            return [.. checkpoint.Names.Where(name => name.StartsWith(start, StringComparison.Ordinal)).Select(name => name[start.Length..])];
        }
    }

    /// <summary>The view one name further down.</summary>
    public Weights this[string name] => new(checkpoint, Full(name));

    /// <summary>The view of one member of a series.</summary>
    public Weights this[int index] => this[$"{index}"];

    /// <summary>A tensor on the checkpoint's device, floating ones in its dtype. Owned by the checkpoint: do not dispose.</summary>
    /// <param name="name">Below the prefix.</param>
    /// <param name="shape">What it must be; -1 is any size, no shape at all any shape.</param>
    /// <exception cref="CheckpointException">There is none, or it has another shape.</exception>
    public Tensor Get(string name, params long[] shape) => checkpoint.Get(Full(name), shape);

    public bool Has(string name) => checkpoint.Has(Full(name));

    /// <summary>Shape without reading the tensor; null where there is none.</summary>
    public IReadOnlyList<long>? Shape(string name) => Has(name) ? checkpoint.ShapeOf(Full(name)) : null;

    /// <summary>Size of one dimension, without reading the tensor.</summary>
    /// <exception cref="CheckpointException">There is no such tensor or dimension.</exception>
    public int Size(string name, int dimension)
    {
        var shape = checkpoint.ShapeOf(Full(name));
        return dimension < shape.Count
            ? checked((int)shape[dimension])
            : throw new CheckpointException($"{checkpoint.Path}: tensor '{Full(name)}' has shape ({string.Join(", ", shape)}); expected more than {dimension} dimensions");
    }

    /// <summary>Members of a series: how many of 0, 1, 2, ... have tensors under <paramref name="series"/>.</summary>
    public int Count(string series)
    {
        var members = this[series].Names.Select(name => name.Split('.')[0]).ToHashSet();
        var count = 0;
        while (members.Contains($"{count}"))
            count++;
        return count;
    }

    /// <summary>Hands a tensor made from weights to the checkpoint, which disposes it with its own.</summary>
    /// <returns>The same tensor, outside every dispose scope.</returns>
    public Tensor Keep(Tensor derived) => checkpoint.Keep(derived);

    public override string ToString() => prefix;

    private string Full(string name) => (prefix, name) switch
    {
        ("", _) => name,
        (_, "") => prefix,
        _ => $"{prefix}.{name}",
    };
}
