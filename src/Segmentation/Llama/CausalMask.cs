using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>What is added to attention scores: 0 where a query may look, the type's least value where it may not.</summary>
/// <remarks>
/// The least value rather than infinity, so that a padded query that sees nothing gives numbers and not NaN.
/// One square table serves all lengths; it is replaced by a larger one when a longer sequence comes. Several threads may ask at once.
/// </remarks>
public sealed class CausalMask : IDisposable
{
    private readonly Lock growing = new();
    private readonly int heads;
    private readonly int keyValueHeads;
    private Tensor table;

    public CausalMask(LlamaConfig config, Device device, ScalarType dtype)
    {
        heads = config.Heads;
        keyValueHeads = config.KeyValueHeads;
        table = Table(512, device, dtype);
    }

    private int Groups => heads / keyValueHeads;

    /// <summary>The mask of the last <paramref name="queries"/> of <paramref name="keys"/> positions, laid out for <see cref="Attention"/>.</summary>
    /// <returns>(1, groups * queries, keys), or null for a single query, which sees everything.</returns>
    public Tensor? For(int queries, int keys)
    {
        if (queries == 1) return null;
        using var scope = NewDisposeScope();
        var mask = Window(queries, keys).unsqueeze(0);
        return (Groups == 1 ? mask : mask.expand(Groups, queries, keys).reshape(1, Groups * queries, keys)).MoveToOuterDisposeScope();
    }

    /// <summary>The same where some keys are padding, on either side.</summary>
    /// <param name="real">(B, keys) bool, true on real tokens.</param>
    /// <returns>(B * key heads, groups * queries, keys).</returns>
    public Tensor For(int queries, int keys, Tensor real)
    {
        using var scope = NewDisposeScope();
        var batch = real.shape[0];
        var padding = real.logical_not().view(batch, 1, 1, 1, keys);
        var window = Window(queries, keys);
        var mask = window.masked_fill(padding, finfo(window.dtype).min);
        return mask.expand(batch, keyValueHeads, Groups, queries, keys)
            .reshape(batch * keyValueHeads, Groups * queries, keys)
            .MoveToOuterDisposeScope();
    }

    public void Dispose() => table.Dispose();

    private Tensor Window(int queries, int keys)
    {
        lock (growing)
        {
            if (keys > table.shape[0])
            {
                var larger = Table(Math.Max(keys, 2 * table.shape[0]), table.device, table.dtype);
                table.Dispose();
                table = larger;
            }

            return table.narrow(0, keys - queries, queries).narrow(1, 0, keys);
        }
    }

    private static Tensor Table(long size, Device device, ScalarType dtype)
    {
        using var recording = no_grad();
        return full([size, size], finfo(dtype).min, dtype, device).triu_(1).DetachFromDisposeScope();
    }
}
