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

    private Tensor Filled(Tensor? buffer) =>
        buffer?.narrow(2, 0, Length) ?? throw new InvalidOperationException("the cache is empty");
}
