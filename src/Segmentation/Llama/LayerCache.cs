using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Rotated keys and values of one layer. For inference: writes in place.</summary>
public sealed class LayerCache : IDisposable
{
    private const long Spare = 64;
    private Tensor? keys;
    private Tensor? values;

    /// <summary>Positions held.</summary>
    public int Length { get; private set; }

    /// <summary>(B, key heads, length, head size), a view.</summary>
    /// <exception cref="InvalidOperationException">Nothing was appended yet.</exception>
    public Tensor Keys => Filled(keys);

    /// <summary>(B, key heads, length, head size), a view.</summary>
    /// <exception cref="InvalidOperationException">Nothing was appended yet.</exception>
    public Tensor Values => Filled(values);

    /// <param name="key">(B, key heads, n, head size), rotated.</param>
    /// <param name="value">Same shape.</param>
    /// <returns>All keys and values so far, views.</returns>
    public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value)
    {
        var added = key.shape[2];
        keys = WithRoom(keys, key);
        values = WithRoom(values, value);
        using (var scope = NewDisposeScope())
        {
            keys.narrow(2, Length, added).copy_(key);
            values.narrow(2, Length, added).copy_(value);
        }

        Length += (int)added;
        return (Keys, Values);
    }

    /// <summary>Lets all other sequences go.</summary>
    /// <param name="sequences">Their places in the batch, int64.</param>
    /// <exception cref="InvalidOperationException">Nothing was appended yet.</exception>
    public void Keep(Tensor sequences)
    {
        keys = Only(keys, sequences);
        values = Only(values, sequences);
    }

    public void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
    }

    private Tensor WithRoom(Tensor? buffer, Tensor added)
    {
        var needed = Length + added.shape[2];
        if (buffer is not null && needed <= buffer.shape[2]) return buffer;
        using var scope = NewDisposeScope();
        var shape = added.shape;
        var larger = empty([shape[0], shape[1], Math.Max(needed + Spare, 2L * Length), shape[3]], added.dtype, added.device);
        if (buffer is not null)
        {
            larger.narrow(2, 0, Length).copy_(buffer.narrow(2, 0, Length));
            buffer.Dispose();
        }

        return larger.DetachFromDisposeScope();
    }

    private static Tensor Only(Tensor? buffer, Tensor sequences)
    {
        var kept = (buffer ?? throw Empty()).index_select(0, sequences).DetachFromDisposeScope();
        buffer.Dispose();
        return kept;
    }

    private static InvalidOperationException Empty() => new("the cache is empty");

    private Tensor Filled(Tensor? buffer) =>
        buffer?.narrow(2, 0, Length) ?? throw Empty();
}
