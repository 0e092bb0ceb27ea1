namespace Pipeline.TrainDemo.Optimization;

/// <summary>Factor of the learning rates: a straight line up to 1, then half a cosine down.</summary>
/// <param name="WarmUpSteps">The first of them has 1 / <paramref name="WarmUpSteps"/>, the last 1.</param>
/// <param name="Steps">All steps, warm-up included.</param>
/// <param name="FinalShare">Factor after the last step.</param>
internal sealed record CosineSchedule(int WarmUpSteps, int Steps, double FinalShare)
{
    /// <param name="step">From 0.</param>
    public double At(int step)
    {
        if (step < WarmUpSteps)
            return (step + 1.0) / WarmUpSteps;
        var done = Math.Clamp((step - WarmUpSteps) / (double)Math.Max(1, Steps - WarmUpSteps), 0, 1);
        return FinalShare + ((1 - FinalShare) * (1 + Math.Cos(Math.PI * done)) / 2);
    }
}
