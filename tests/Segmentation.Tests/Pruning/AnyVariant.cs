using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.Segmentation.Tests.Pruning;

/// <summary>Draws variants of any method from its schema alone, so that a new method is tested without a line here.</summary>
internal static class AnyVariant
{
    private const int Attempts = 1000;

    /// <summary>A variant whose settings go together and with the model; others are drawn anew.</summary>
    public static VariantSpec Draw(PruningMethodSchema schema, ModelShape model, Random random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var variant = VariantSpec.Create(schema.Name, [.. Settings(schema, model, random)]);
            try
            {
                PruningMethods.Create(variant).Plan(model);
                TestContext.Current.TestOutputHelper?.WriteLine($"{variant.Name} of {model.GridHeight} x {model.GridWidth} tokens");
                return variant;
            }
            catch (ArgumentException)
            {
                continue;
            }
        }

        throw new InvalidOperationException($"{schema.Name}: none of {Attempts} variants drawn from its schema is right; is the schema?");
    }

    /// <summary>The budget of a variant in its own unit; null where it has none.</summary>
    public static Budget? BudgetOf(VariantSpec variant)
    {
        foreach (var unit in Enum.GetValues<BudgetUnit>())
        {
            var budget = new Budget(unit, 0);
            if (variant.Settings.TryGetValue(budget.Setting, out var amount)) return budget with { Amount = amount.GetValue<double>() };
        }

        return null;
    }

    /// <summary>A setting as a job file would write it: given, or by default.</summary>
    public static string? Word(VariantSpec variant, PruningMethodSchema schema, string setting) =>
        variant.Settings.TryGetValue(setting, out var value) ? value.GetValue<string>() : schema.Parameters.FirstOrDefault(parameter => parameter.Name == setting)?.Default;

    private static IEnumerable<KeyValuePair<string, JsonNode>> Settings(PruningMethodSchema schema, ModelShape model, Random random)
    {
        var groups = schema.ExactlyOneOf.Concat(schema.AtMostOneOf).ToList();
        var chosen = groups.Where(group => schema.ExactlyOneOf.Contains(group) || random.Next(3) > 0).Select(group => group[random.Next(group.Count)]).ToList();
        foreach (var parameter in schema.Parameters)
        {
            var given = groups.Any(group => group.Contains(parameter.Name)) ? chosen.Contains(parameter.Name) : random.Next(2) == 0;
            if (given) yield return KeyValuePair.Create(parameter.Name, Value(parameter, model, random));
        }
    }

    private static JsonNode Value(ParameterSchema parameter, ModelShape model, Random random) => parameter.Kind switch
    {
        ParameterKind.Integer => Whole(parameter, 20, random),
        ParameterKind.Layer => Whole(parameter, model.Layers - 1, random),
        ParameterKind.TokenCount => Whole(parameter, model.VisualTokens, random),
        ParameterKind.Ratio => 1 - random.NextDouble(),
        ParameterKind.Number => Real(parameter, model, random),
        ParameterKind.Boolean => random.Next(2) == 0,
        ParameterKind.Choice => parameter.Choices[random.Next(parameter.Choices.Count)],
        ParameterKind.LayerList => new JsonArray([.. Several(random, () => (int)Whole(parameter, model.Layers - 1, random)).Distinct().Order().Select(layer => (JsonNode)layer)]),
        _ => new JsonArray([.. Several(random, () => Real(parameter, model, random)).OrderDescending().Select(number => (JsonNode)number)]),
    };

    private static int Whole(ParameterSchema parameter, int most, Random random) =>
        random.Next((int)(parameter.Minimum ?? 0), (int)Math.Min(parameter.Maximum ?? most, most) + 1);

    private static double Real(ParameterSchema parameter, ModelShape model, Random random)
    {
        var (least, most) = (parameter.Minimum ?? 0, parameter.Maximum ?? model.VisualTokens);
        return most - (random.NextDouble() * (most - least));
    }

    private static IReadOnlyList<T> Several<T>(Random random, Func<T> one) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => one())];
}
