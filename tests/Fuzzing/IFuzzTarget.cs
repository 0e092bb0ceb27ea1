namespace Pipeline.Fuzzing;

/// <summary>A parser, what it is given, and what may come of that. Made anew in every process; used by one thread.</summary>
public interface IFuzzTarget
{
    /// <summary>Word for the command line.</summary>
    string Name { get; }

    /// <summary>Inputs that are right, small, and together reach what the parser knows.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>What the format's own words are, and those that an attacker would use.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Bytes that reading an input may allocate, however little of it is right. Everything else is an attack that worked.</summary>
    /// <param name="length">Of the input.</param>
    long MostBytes(int length) => (2 << 20) + (256L * length);

    /// <summary>What a format checks before it reads on is made right again, so that mutations get behind it: lengths, checksums, compression.</summary>
    byte[] Dress(byte[] input, Random random) => input;

    /// <summary>Reads an input as the product does and uses what comes of it.</summary>
    Reading Read(byte[] input);

    /// <summary>Whether the exception is the one that the parser documents for bad input.</summary>
    bool IsRefusal(Exception fault);
}
