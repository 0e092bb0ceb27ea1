using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// One argument of an operator, made by implicit conversion. Lives on the caller's stack and keeps the tensors and arrays it names alive
/// during the call.
/// </summary>
internal readonly struct Argument
{
    private readonly object? reference;
    private readonly long bits;
    private readonly ValueKind kind;

    private Argument(ValueKind kind, long bits = 0, object? reference = null)
    {
        this.kind = kind;
        this.bits = bits;
        this.reference = reference;
    }

    /// <summary>Whatever the schema says when the argument is not given.</summary>
    public static Argument Default => new(ValueKind.Default);

    public static Argument None => default;

    /// <summary>The tensor, when the argument is one.</summary>
    public Tensor? Tensor => reference as Tensor;

    /// <summary>The tensors in it, for messages.</summary>
    public ReadOnlySpan<Tensor?> Tensors => reference switch
    {
        Tensor tensor => new Tensor?[] { tensor },
        Tensor?[] tensors => tensors,
        _ => [],
    };

    /// <summary>Eight-byte words that <see cref="Write"/> needs besides the value.</summary>
    public int Words => kind switch
    {
        ValueKind.Integers => ((long[])reference!).Length,
        ValueKind.Reals => ((double[])reference!).Length,
        ValueKind.Booleans or ValueKind.Text => (((byte[])reference!).Length / sizeof(long)) + 1,
        ValueKind.Tensors or ValueKind.OptionalTensors => ((Tensor?[])reference!).Length,
        _ => 0,
    };

    public static implicit operator Argument(Tensor? tensor) => tensor is null ? None : new(ValueKind.Tensor, 0, tensor);

    public static implicit operator Argument(long value) => new(ValueKind.Integer, value);

    public static implicit operator Argument(long? value) => value is { } given ? given : None;

    public static implicit operator Argument(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value is { } given ? given : None;

    public static implicit operator Argument(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static implicit operator Argument(bool? value) => value is { } given ? given : None;

    public static implicit operator Argument(Scalar? value) => value is null ? None : value.AsArgument();

    public static implicit operator Argument(ScalarType value) => new(ValueKind.Integer, (long)value);

    public static implicit operator Argument(ScalarType? value) => value is { } given ? given : None;

    public static implicit operator Argument(Device? value) => value is null ? None : new(ValueKind.Device, value.Packed);

    public static implicit operator Argument(Generator? value) => value is null ? None : new(ValueKind.Generator, 0, value);

    public static implicit operator Argument(string? value) =>
        value is null ? None : new(ValueKind.Text, 0, Encoding.UTF8.GetBytes(value));

    public static implicit operator Argument(long[]? values) => values is null ? None : new(ValueKind.Integers, 0, values);

    public static implicit operator Argument(double[]? values) => values is null ? None : new(ValueKind.Reals, 0, values);

    public static implicit operator Argument(Tensor[] tensors) => new(ValueKind.Tensors, 0, tensors);

    /// <summary>A list with holes, as indexing takes it: null leaves a dimension alone.</summary>
    public static Argument Optional(Tensor?[] tensors) => new(ValueKind.OptionalTensors, 0, tensors);

    /// <summary>Fills <paramref name="value"/>; lists go to <paramref name="words"/>, which must stay where it is during the call.</summary>
    /// <exception cref="InvalidOperationException">A tensor was disposed of.</exception>
    public unsafe void Write(out Value value, long* words)
    {
        value = new Value { Kind = kind, Integer = bits };
        switch (kind)
        {
            case ValueKind.Tensor:
                value.Pointer = ((Tensor)reference!).Handle;
                break;
            case ValueKind.Generator:
                value.Pointer = ((Generator)reference!).Handle;
                break;
            case ValueKind.Integers:
                Copy((long[])reference!, ref value, words);
                break;
            case ValueKind.Reals:
                Copy((double[])reference!, ref value, words);
                break;
            case ValueKind.Booleans or ValueKind.Text:
                Copy((byte[])reference!, ref value, words);
                break;
            case ValueKind.Tensors or ValueKind.OptionalTensors:
                var tensors = (Tensor?[])reference!;
                for (var i = 0; i < tensors.Length; i++)
                {
                    words[i] = tensors[i]?.Handle ?? 0;
                }

                value.Pointer = (nint)words;
                value.Length = tensors.Length;
                break;
        }
    }

    private static unsafe void Copy<T>(T[] source, ref Value value, long* words)
        where T : unmanaged
    {
        source.CopyTo(new Span<T>(words, source.Length));
        value.Pointer = (nint)words;
        value.Length = source.Length;
    }
}
