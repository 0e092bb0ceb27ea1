using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Checks the values of one parameter against its schema and, where it is known, the model.</summary>
internal sealed class ParameterReader(ParameterSchema parameter, ModelShape? model, List<JobFault> faults)
{
    private bool IsList => parameter.Kind is ParameterKind.LayerList or ParameterKind.NumberList;

    /// <returns>The values of the grid in document order; empty, with faults, if any of them is wrong.</returns>
    public IReadOnlyList<JsonNode> Read(DocumentNode node, string path)
    {
        if (node is not ListNode list || (IsList && !list.Items.Any(item => item is ListNode)))
            return One(node, path) is { } value ? [value] : [];
        if (list.Items.Count == 0)
            return Refuse<IReadOnlyList<JsonNode>>(path, node, $"is an empty list; give at least one value: {Expected}") ?? [];
        var values = list.Items.Select((item, i) => One(item, $"{path}[{i}]")).OfType<JsonNode>().ToArray();
        return values.Length == list.Items.Count ? values : [];
    }

    private JsonNode? One(DocumentNode node, string path) => parameter.Kind switch
    {
        ParameterKind.LayerList => Layers(node, path),
        ParameterKind.NumberList => Items(node, path, Number),
        ParameterKind.Boolean => node is ScalarNode { AsBoolean: { } flag } ? JsonValue.Create(flag) : Wrong(node, path),
        ParameterKind.Choice => Choice(node, path),
        ParameterKind.Number or ParameterKind.Ratio => Number(node, path),
        _ => Integer(node, path),
    };

    private JsonArray? Layers(DocumentNode node, string path)
    {
        if (Items(node, path, Integer) is not { } layers)
            return null;
        for (var i = 1; i < layers.Count; i++)
        {
            var (before, here) = (layers[i - 1]!.GetValue<long>(), layers[i]!.GetValue<long>());
            if (here <= before)
                return Refuse<JsonArray>($"{path}[{i}]", node, $"{here} stands after {before}; layers ascend");
        }

        return layers;
    }

    private JsonArray? Items(DocumentNode node, string path, Func<DocumentNode, string, JsonNode?> one)
    {
        if (node is not ListNode { Items.Count: > 0 } list)
        {
            Wrong(node, path);
            return null;
        }

        var items = list.Items.Select((item, i) => one(item, $"{path}[{i}]")).ToArray();
        return items.Contains(null) ? null : new JsonArray(items);
    }

    private JsonValue? Choice(DocumentNode node, string path)
    {
        if (node is not ScalarNode { AsText: { } word })
            return Wrong(node, path);
        return parameter.Choices.Contains(word, StringComparer.Ordinal)
            ? JsonValue.Create(word)
            : Refuse<JsonValue>(path, node, $"'{word}' is not known{Suggestion.For(word, [.. parameter.Choices])}");
    }

    private JsonValue? Integer(DocumentNode node, string path)
    {
        if (node is not ScalarNode { AsInteger: { } value })
            return Wrong(node, path);
        if (parameter.Kind is ParameterKind.Layer or ParameterKind.LayerList && model is not null && value >= model.Layers)
            return Refuse<JsonValue>(path, node, $"{value} is beyond this model's {model.Layers} layers; {Range}");
        if (parameter.Kind is ParameterKind.TokenCount && model is not null && value > model.VisualTokens)
            return Refuse<JsonValue>(path, node, $"{value} is more than this model's {model.VisualTokens} visual tokens; {Range}");
        return InRange(value) ? JsonValue.Create(value) : OutOfRange(value, node, path);
    }

    private JsonValue? Number(DocumentNode node, string path)
    {
        if (node is not ScalarNode { AsNumber: { } value })
            return Wrong(node, path);
        return InRange(value) ? JsonValue.Create(value) : OutOfRange(value, node, path);
    }

    private JsonValue? Wrong(DocumentNode node, string path) => Refuse<JsonValue>(path, node, $"expected {Expected}, found {node.Description}");

    private JsonValue? OutOfRange(double value, DocumentNode node, string path)
    {
        var side = value > Most
            ? string.Create(CultureInfo.InvariantCulture, $"above {Most}")
            : string.Create(CultureInfo.InvariantCulture, $"{(MinimumIsOut && value == Least ? "not above" : "below")} {Least}");
        return Refuse<JsonValue>(path, node, string.Create(CultureInfo.InvariantCulture, $"{value} is {side}; {Range}"));
    }

    private T? Refuse<T>(string path, DocumentNode node, string message)
        where T : class
    {
        faults.Add(new JobFault(path, message) { Line = node.Line });
        return null;
    }

    private bool InRange(double value) => value <= Most && (MinimumIsOut ? value > Least : value >= Least);

    private bool MinimumIsOut => parameter.AboveMinimum || (parameter.Kind is ParameterKind.Ratio && parameter.Minimum is null);

    private double Least => parameter.Minimum ?? parameter.Kind switch
    {
        ParameterKind.Integer => int.MinValue,
        ParameterKind.Number or ParameterKind.NumberList => double.NegativeInfinity,
        ParameterKind.TokenCount => 1,
        _ => 0,
    };

    private double Most => Math.Min(parameter.Maximum ?? double.PositiveInfinity, parameter.Kind switch
    {
        ParameterKind.Ratio => 1,
        ParameterKind.Integer => int.MaxValue,
        ParameterKind.Layer or ParameterKind.LayerList => model?.Layers - 1 ?? int.MaxValue,
        ParameterKind.TokenCount => model?.VisualTokens ?? int.MaxValue,
        _ => double.PositiveInfinity,
    });

    /// <summary>What would be right, for a value that is a number but out of range.</summary>
    private string Range
    {
        get
        {
            if (Most < Least)
                return "no value is right for this model";
            if (parameter.Kind is ParameterKind.Ratio && MinimumIsOut && Least == 0)
                return string.Create(CultureInfo.InvariantCulture, $"use a share above 0 and at most {Most}");
            var least = MinimumIsOut ? "above " : "";
            return Most is int.MaxValue or double.PositiveInfinity
                ? string.Create(CultureInfo.InvariantCulture, $"use {least}{Least}{(MinimumIsOut ? "" : " or more")}")
                : string.Create(CultureInfo.InvariantCulture, $"use {least}{Least} to {Most}");
        }
    }

    /// <summary>What would be right, for a value of the wrong type.</summary>
    private string Expected => parameter.Kind switch
    {
        ParameterKind.Integer => "a whole number",
        ParameterKind.Number => "a number",
        ParameterKind.Ratio => "a share above 0 and at most 1",
        ParameterKind.Boolean => "true or false",
        ParameterKind.Choice => Suggestion.OneOf([.. parameter.Choices]),
        ParameterKind.Layer => "the index of a decoder layer",
        ParameterKind.TokenCount => "a number of visual tokens",
        ParameterKind.LayerList => "a list of layer indices such as [8, 16, 24]",
        _ => "a list of numbers such as [0.5, 0.25]",
    };
}
