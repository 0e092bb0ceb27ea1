using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>Accuracy against work of one report, as a picture and as data.</summary>
/// <param name="SvgFile">Name of the picture's file.</param>
/// <param name="Svg">The picture, self-contained, for light and dark paper.</param>
/// <param name="VegaLiteFile">Name of the specification's file.</param>
/// <param name="VegaLite">Vega-Lite specification with its data inside.</param>
public sealed record ResultsFigure(string SvgFile, string Svg, string VegaLiteFile, string VegaLite)
{
    internal static ResultsFigure Of(Report report, Tradeoff tradeoff, string name)
    {
        var title = ResultsWords.Title(report);
        return new ResultsFigure($"{name}.svg", ResultsSvg.Render(title, tradeoff), $"{name}.vl.json", ResultsVegaLite.Render(title, tradeoff));
    }
}
