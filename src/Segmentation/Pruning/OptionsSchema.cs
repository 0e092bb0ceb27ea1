using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>What a method's options record says about its parameters, and options read from a variant's settings.</summary>
internal static class OptionsSchema
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <param name="name">Name of the method.</param>
    /// <param name="summary">One line about it.</param>
    /// <param name="reimplementation">Its paper leaves settings open, which are ours.</param>
    public static PruningMethodSchema Of<TOptions>(string name, string summary, bool reimplementation)
        where TOptions : new()
    {
        var defaults = new TOptions();
        var marked = Marked<TOptions>();
        return new PruningMethodSchema(
            name,
            summary,
            [.. marked.Select(pair => Describe(pair.Property, pair.Parameter, pair.Property.GetValue(defaults)))],
            Groups(optional: false))
        {
            AtMostOneOf = Groups(optional: true),
            IsReimplementation = reimplementation,
        };

        IReadOnlyList<IReadOnlyList<string>> Groups(bool optional) =>
        [
            .. marked.Where(pair => pair.Parameter.OneOf is not null)
                .GroupBy(pair => pair.Parameter.OneOf)
                .Where(group => IsOptional<TOptions>(group.Key!) == optional)
                .Select(group => (IReadOnlyList<string>)[.. group.Select(pair => Snake(pair.Property.Name))]),
        ];
    }

    /// <exception cref="ArgumentException">A setting is unknown, of another type or out of range; the message names it.</exception>
    public static TOptions Read<TOptions>(PruningMethodSchema schema, IReadOnlyDictionary<string, JsonNode> settings)
        where TOptions : new()
    {
        foreach (var group in schema.ExactlyOneOf)
        {
            if (group.Count(settings.ContainsKey) != 1)
                throw new ArgumentException($"{schema.Name}: give exactly one of {string.Join(", ", group)}");
        }

        foreach (var group in schema.AtMostOneOf)
        {
            if (group.Count(settings.ContainsKey) > 1)
                throw new ArgumentException($"{schema.Name}: give at most one of {string.Join(", ", group)}");
        }

        try
        {
            var options = new JsonObject(settings.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.DeepClone()))).Deserialize<TOptions>(Json)!;
            CheckRanges(schema, options);
            return options;
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"{schema.Name}: {exception.Message}", exception);
        }
    }

    private static void CheckRanges<TOptions>(PruningMethodSchema schema, TOptions options)
    {
        foreach (var (property, _) in Marked<TOptions>())
        {
            var parameter = schema.Parameters.Single(parameter => parameter.Name == Snake(property.Name));
            foreach (var value in Numbers(property.GetValue(options)))
            {
                if (value < parameter.Minimum || value > parameter.Maximum || (parameter.AboveMinimum && value <= parameter.Minimum) || double.IsNaN(value))
                    throw new ArgumentException($"{schema.Name}: {parameter.Name} {value.ToString(CultureInfo.InvariantCulture)} is out of range; {Range(parameter)}");
            }
        }
    }

    private static IEnumerable<double> Numbers(object? value) => value switch
    {
        int number => [number],
        double number => [number],
        IEnumerable<int> numbers => numbers.Select(number => (double)number),
        IEnumerable<double> numbers => numbers,
        _ => [],
    };

    private static ParameterSchema Describe(PropertyInfo property, ParameterAttribute parameter, object? value)
    {
        var ratio = parameter.Kind == ParameterKind.Ratio;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return new ParameterSchema(Snake(property.Name), parameter.Kind, parameter.Summary)
        {
            Minimum = ratio ? 0 : double.IsFinite(parameter.Minimum) ? parameter.Minimum : null,
            AboveMinimum = ratio || parameter.AboveMinimum,
            Maximum = ratio ? 1 : double.IsFinite(parameter.Maximum) ? parameter.Maximum : null,
            Optional = value is null && parameter.OneOf is null,
            Choices = type.IsEnum ? [.. Enum.GetNames(type).Select(Snake)] : [],
            Default = value switch
            {
                null => null,
                Enum choice => Snake(choice.ToString()),
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            },
        };
    }

    private static IReadOnlyList<(PropertyInfo Property, ParameterAttribute Parameter)> Marked<TOptions>() =>
        [.. typeof(TOptions).GetProperties()
            .Select(property => (property, property.GetCustomAttribute<ParameterAttribute>()!))
            .Where(pair => pair.Item2 is not null)];

    private static bool IsOptional<TOptions>(string group) =>
        typeof(TOptions).GetCustomAttributes<OptionalGroupAttribute>().Any(attribute => attribute.Name == group);

    private static string Range(ParameterSchema parameter) =>
        string.Join(" and ", new[]
        {
            parameter.Minimum is { } minimum ? $"{(parameter.AboveMinimum ? "above" : "at least")} {minimum.ToString(CultureInfo.InvariantCulture)}" : null,
            parameter.Maximum is { } maximum ? $"at most {maximum.ToString(CultureInfo.InvariantCulture)}" : null,
        }.Where(part => part is not null));

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
