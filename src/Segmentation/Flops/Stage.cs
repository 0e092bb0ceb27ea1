using System.Globalization;

namespace Pipeline.Segmentation.Flops;

/// <summary>Layers that run on the same number of tokens.</summary>
/// <param name="Layers">How many of them.</param>
/// <param name="Tokens">In each; the tables of a paper may work with fractions of a token.</param>
public sealed record Stage(int Layers, double Tokens)
{
    /// <returns><c>2 x 576</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Layers} x {Tokens:0.#}");
}
