namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>A parser that is right, except that it does one thing wrong where the input has an exclamation mark.</summary>
public abstract class PlantedTarget : IFuzzTarget
{
    public abstract string Name { get; }

    public IReadOnlyList<byte[]> Seeds { get; } = ["some text of some length"u8.ToArray()];

    public IReadOnlyList<byte[]> Words { get; } = ["!"u8.ToArray()];

    public Reading Read(byte[] input)
    {
        if (input.Contains((byte)'!'))
            DoWrong();
        return input.Contains((byte)'x') ? throw new InvalidDataException("has an x") : Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    protected abstract void DoWrong();
}
