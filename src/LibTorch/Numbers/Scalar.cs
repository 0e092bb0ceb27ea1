using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any type that operators take beside tensors. Takes no part in type promotion beyond its category.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long integer;
    private readonly double real;

    private Scalar(ScalarType type, long integer, double real)
    {
        Type = type;
        this.integer = integer;
        this.real = real;
    }

    /// <summary>As libtorch keeps it: Bool, Int64 or Float64.</summary>
    public ScalarType Type { get; }

    internal long Integer => Type == ScalarType.Float64 ? (long)real : integer;

    internal double Real => Type == ScalarType.Float64 ? real : integer;

    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, value ? 1 : 0, 0);

    public static implicit operator Scalar(byte value) => (long)value;

    public static implicit operator Scalar(sbyte value) => (long)value;

    public static implicit operator Scalar(short value) => (long)value;

    public static implicit operator Scalar(int value) => (long)value;

    public static implicit operator Scalar(long value) => new(ScalarType.Int64, value, 0);

    public static implicit operator Scalar(float value) => (double)value;

    public static implicit operator Scalar(double value) => new(ScalarType.Float64, 0, value);

    public static implicit operator Scalar(Half value) => (double)value;

    public static implicit operator Scalar(BFloat16 value) => (double)value;

    /// <summary>Nothing to release; TorchSharp's are disposable.</summary>
    public void Dispose()
    {
    }

    internal Argument AsArgument() => Type switch
    {
        ScalarType.Bool => integer != 0,
        ScalarType.Int64 => integer,
        _ => real,
    };
}
