using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Orchestrator.Results;

/// <summary>The figure as a picture that loads nothing and follows the reader's light or dark mode.</summary>
internal static class ResultsSvg
{
    private const int Width = 880, Height = 500, Left = 70, Right = 690, Top = 52, Bottom = 436, Legend = 718, LegendStep = 24;

    public static string Render(string title, Tradeoff tradeoff)
    {
        var points = tradeoff.Curves.SelectMany(curve => curve.Points).ToArray();
        var none = Tradeoff.At(tradeoff.None, tradeoff.None);
        var x = Axis.Around([.. points.Select(point => point.Flops).DefaultIfEmpty(none.Flops)], Left, Right);
        var y = Axis.Around([.. points.Select(point => point.Giou).Append(none.Giou)], Bottom, Top);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-labelledby=\"title\">\n")
            .Append("<title id=\"title\">").Append(Text(title)).Append("</title>\n<style>\n").Append(Style()).Append("</style>\n")
            .Append(CultureInfo.InvariantCulture, $"<rect class=\"paper\" width=\"{Width}\" height=\"{Height}\" rx=\"8\"/>\n")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"30\">{Text(title)}</text>\n");
        AppendAxes(svg, x, y);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"none\" d=\"M{Left} {Pixel(y.At(none.Giou))}H{Right}\"><title>{Label(none)}</title></path>\n");
        for (var method = 0; method < tradeoff.Curves.Count; method++)
            AppendCurve(svg, method, tradeoff.Curves[method], x, y);
        AppendLegend(svg, tradeoff);
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendAxes(StringBuilder svg, Axis x, Axis y)
    {
        foreach (var tick in y.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {Pixel(y.At(tick))}H{Right}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 10}\" y=\"{Pixel(y.At(tick) + 4)}\" text-anchor=\"end\">{tick:0.###}</text>\n");
        }

        foreach (var tick in x.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Pixel(x.At(tick))} {Top}V{Bottom}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Pixel(x.At(tick))}\" y=\"{Bottom + 22}\" text-anchor=\"middle\">{tick:0.###}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top}V{Bottom}H{Right}\"/>\n")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{(Left + Right) / 2}\" y=\"{Height - 16}\" text-anchor=\"middle\">{ResultsWords.FlopsAxis}</text>\n")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"label\" transform=\"translate(22 {(Top + Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{ResultsWords.GiouAxis}</text>\n");
    }

    private static void AppendCurve(StringBuilder svg, int method, Curve curve, Axis x, Axis y)
    {
        var corners = curve.Points.Select(point => $"{Pixel(x.At(point.Flops))} {Pixel(y.At(point.Giou))}").ToArray();
        svg.Append(CultureInfo.InvariantCulture, $"<g class=\"c{Palette.Colour(method)}\"><path class=\"line\" d=\"M{string.Join('L', corners)}\"/>\n");
        foreach (var (point, at) in curve.Points.Zip(corners))
            svg.Append(Marker(method, at)).Append("<title>").Append(Label(point)).Append("</title></path>\n");
        svg.Append("</g>\n");
    }

    private static void AppendLegend(StringBuilder svg, Tradeoff tradeoff)
    {
        for (var method = 0; method < tradeoff.Curves.Count; method++)
        {
            var row = Top + 8 + (method * LegendStep);
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"c{Palette.Colour(method)}\"><path class=\"line\" d=\"M{Legend} {row}h28\"/>{Marker(method, $"{Legend + 14} {row}")}</path></g>")
                .Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{Legend + 38}\" y=\"{row + 4}\">{Text(tradeoff.Curves[method].Method)}</text>\n");
        }

        var last = Top + 8 + (tradeoff.Curves.Count * LegendStep);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"none\" d=\"M{Legend} {last}h28\"/><text class=\"label\" x=\"{Legend + 38}\" y=\"{last + 4}\">none (100 %)</text>\n");
    }

    /// <summary>An open <c>path</c> element.</summary>
    private static string Marker(int method, string at) => $"<path class=\"mark\" transform=\"translate({at})\" d=\"{Palette.Shapes[Palette.Shape(method)].Path}\">";

    private static string Label(Point point) =>
        string.Create(CultureInfo.InvariantCulture, $"{Text(point.Variant.Name)}: {point.Flops:0.0} % of FLOPs, gIoU {point.Giou:0.00}");

    private static string Style() =>
        $$"""
        svg { --paper: #ffffff; --ink: #1d2126; --quiet: #59636e; --grid: #e2e5e9; {{Colours(Palette.Light)}} }
        @media (prefers-color-scheme: dark) { svg { --paper: #14171b; --ink: #e6e9ed; --quiet: #9aa4b0; --grid: #2b3139; {{Colours(Palette.Dark)}} } }
        text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums; }
        .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
        .label { font-size: 13px; fill: var(--ink); }
        .paper { fill: var(--paper); }
        .grid { stroke: var(--grid); }
        .axis { fill: none; stroke: var(--quiet); }
        .none { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 6 4; }
        .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
        .mark { fill: currentColor; stroke: var(--paper); stroke-width: 1; }
        {{Classes()}}

        """;

    private static string Classes() => string.Join(' ', Palette.Light.Select((_, index) => $".c{index} {{ color: var(--c{index}); }}"));

    private static string Colours(IEnumerable<string> colours) => string.Join(' ', colours.Select((colour, index) => $"--c{index}: {colour};"));

    private static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
