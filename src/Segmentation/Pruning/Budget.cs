using System.Globalization;
using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>What a variant may spend on visual tokens, so that methods can be compared at equal cost.</summary>
/// <param name="Unit">What it is given in.</param>
/// <param name="Amount">In that unit.</param>
public sealed record Budget(BudgetUnit Unit, double Amount)
{
    private const int Halvings = 60;
    private const double Rounding = 1e-9;

    /// <summary>Name of the unit in a job file.</summary>
    public string Setting => Unit.ToString().ToLowerInvariant();

    /// <summary>A share as a number of tokens: rounded half to even, as Python's <c>round</c> in FastV's Hugging Face code; never below 1.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    /// <param name="visualTokens">Of which.</param>
    public static int Tokens(double share, int visualTokens) =>
        Math.Max(1, (int)Math.Round(share * visualTokens, MidpointRounding.ToEven));

    /// <summary>What a schedule costs, in the budget's unit; tokens for <see cref="BudgetUnit.Keep"/>.</summary>
    public double Cost(Schedule schedule, ModelShape model) => Unit switch
    {
        BudgetUnit.Average => schedule.Average,
        BudgetUnit.Flops => schedule.FlopsShare(model),
        _ => schedule.VisualTokens[^1],
    };

    /// <summary>What a schedule should cost, in the unit of <see cref="Cost"/>.</summary>
    public double Target(ModelShape model) => Unit == BudgetUnit.Keep ? Tokens(Amount, model.VisualTokens) : Amount;

    /// <summary>The schedule of a family that costs what is allowed: exactly, or as near as whole tokens permit; of two equally near ones the cheaper.</summary>
    /// <param name="model">Sizes of the model.</param>
    /// <param name="family">Schedules from the cheapest at 0 to the dearest at 1; costs never fall on the way.</param>
    /// <exception cref="PruningSettingException">The whole family is cheaper or dearer; the message says what it reaches.</exception>
    public Schedule Meet(ModelShape model, Func<double, Schedule> family)
    {
        var (cheaper, dearer, target) = (family(0), family(1), Target(model));
        var (least, most) = (Cost(cheaper, model), Cost(dearer, model));
        if (target < least * (1 - Rounding) || target > most * (1 + Rounding))
            throw new PruningSettingException(Setting, $"{Number(Amount)} is out of reach of these settings with this model's {model.VisualTokens} visual tokens; {Reach(least, most, model)}");
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            var schedule = family(middle);
            if (Cost(schedule, model) <= target) (low, cheaper) = (middle, schedule);
            else (high, dearer) = (middle, schedule);
        }

        var (below, above) = (target - Cost(cheaper, model), Cost(dearer, model) - target);
        return Math.Abs(above) < Math.Abs(below) ? dearer : cheaper;
    }

    /// <summary>Rounded inwards, so that both ends can be asked for.</summary>
    private string Reach(double least, double most, ModelShape model)
    {
        var (scale, unit) = Unit switch
        {
            BudgetUnit.Keep => (1e4, (double)model.VisualTokens),
            BudgetUnit.Flops => (1e6, 1.0),
            _ => (1e2, 1.0),
        };
        return $"use {Number(Math.Ceiling(Math.Round(least / unit * scale, 6)) / scale)} to {Number(Math.Floor(Math.Round(most / unit * scale, 6)) / scale)}";
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
