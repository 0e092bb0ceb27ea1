using System.Text.Json.Nodes;
using Pipeline.Contracts;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Results;

/// <summary>The figure as a Vega-Lite specification with its data inside, for notebooks.</summary>
/// <remarks>The data hold every measured variant; those without a place in the figure have <c>best</c> false.</remarks>
internal static class ResultsVegaLite
{
    private const string Drawn = "datum.best && datum.method != 'none'";
    private const int Digits = 6;

    public static string Render(string title, Tradeoff tradeoff) => new JsonObject
    {
        ["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json",
        ["title"] = title,
        ["width"] = 620,
        ["height"] = 384,
        ["data"] = new JsonObject { ["values"] = Values(tradeoff) },
        ["layer"] = new JsonArray(Lines(tradeoff), Points(tradeoff), Unpruned()),
    }.ToJsonString(ContractsJson.Indented) + "\n";

    private static JsonObject Lines(Tradeoff tradeoff) =>
        Layer(Drawn, new JsonObject { ["type"] = "line" }, new JsonObject { ["x"] = Flops(), ["y"] = Giou(), ["color"] = Colours(tradeoff) });

    private static JsonObject Points(Tradeoff tradeoff) => Layer(
        Drawn,
        new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 70, ["opacity"] = 1 },
        new JsonObject
        {
            ["x"] = Flops(),
            ["y"] = Giou(),
            ["color"] = Colours(tradeoff),
            ["shape"] = Scale(tradeoff, method => Palette.Shapes[Palette.Shape(method)].Name),
            ["tooltip"] = new JsonArray([.. Tooltip.Select(field => new JsonObject { ["field"] = field })]),
        });

    private static JsonObject Unpruned() =>
        Layer("datum.method == 'none'", new JsonObject { ["type"] = "rule", ["strokeDash"] = new JsonArray(6, 4) }, new JsonObject { ["y"] = Giou() });

    private static string[] Tooltip => ["variant", "budget", "flopsPercent", "averageVisualTokens", "giou", "ciou"];

    private static JsonArray Values(Tradeoff tradeoff)
    {
        var drawn = tradeoff.Curves.SelectMany(curve => curve.Points).Select(point => point.Variant.Name).ToHashSet();
        var values = new JsonArray { Value(tradeoff.None, "none", best: true, tradeoff) };
        foreach (var budget in tradeoff.Budgets)
        {
            foreach (var variant in budget.Variants)
                values.Add(Value(variant, budget.Label(tradeoff.None), drawn.Contains(variant.Name), tradeoff));
        }

        return values;
    }

    private static JsonObject Value(VariantReport variant, string budget, bool best, Tradeoff tradeoff)
    {
        var point = Tradeoff.At(variant, tradeoff.None);
        var value = new JsonObject
        {
            ["variant"] = variant.Name,
            ["method"] = variant.Method,
            ["budget"] = budget,
            ["averageVisualTokens"] = Math.Round(variant.AverageVisualTokens!.Value, Digits),
            ["flopsPercent"] = Math.Round(point.Flops, Digits),
            ["giou"] = Math.Round(point.Giou, Digits),
            ["ciou"] = Percent(variant.Ciou),
            ["best"] = best,
        };
        if (variant.DifferenceToNone?.Giou is Estimate difference)
        {
            value["differenceToNone"] = Percent(difference.Value);
            value["differenceLow"] = Percent(difference.Low);
            value["differenceHigh"] = Percent(difference.High);
        }

        return value;
    }

    private static double? Percent(double? share) => share is { } value ? Math.Round(100 * value, Digits) : null;

    private static JsonObject Layer(string filter, JsonObject mark, JsonObject encoding) => new()
    {
        ["transform"] = new JsonArray(new JsonObject { ["filter"] = filter }),
        ["mark"] = mark,
        ["encoding"] = encoding,
    };

    private static JsonObject Flops() => Axis("flopsPercent", ResultsWords.FlopsAxis);

    private static JsonObject Giou() => Axis("giou", ResultsWords.GiouAxis);

    private static JsonObject Axis(string field, string title) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["title"] = title,
        ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = true },
    };

    private static JsonObject Colours(Tradeoff tradeoff) => Scale(tradeoff, method => Palette.Light[Palette.Colour(method)]);

    private static JsonObject Scale(Tradeoff tradeoff, Func<int, string> look) => new()
    {
        ["field"] = "method",
        ["type"] = "nominal",
        ["title"] = "method",
        ["scale"] = new JsonObject
        {
            ["domain"] = new JsonArray([.. tradeoff.Curves.Select(curve => JsonValue.Create(curve.Method))]),
            ["range"] = new JsonArray([.. tradeoff.Curves.Select((_, method) => JsonValue.Create(look(method)))]),
        },
    };
}
