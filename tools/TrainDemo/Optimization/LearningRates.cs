namespace Pipeline.TrainDemo.Optimization;

/// <summary>One step's learning rates, by rule.</summary>
/// <param name="Muon">Root mean square of an element's change is about a fifth of it.</param>
/// <param name="AdamW">About an element's change.</param>
internal readonly record struct LearningRates(double Muon, double AdamW)
{
    /// <summary>Both times a schedule's factor.</summary>
    public LearningRates Times(double factor) => new(Muon * factor, AdamW * factor);

    public double Of(TrainableParameter parameter) =>
        parameter.RateScale * (parameter.Rule == UpdateRule.Muon ? Muon : AdamW);
}
