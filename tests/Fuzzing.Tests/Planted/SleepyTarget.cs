namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Waits for ever.</summary>
public sealed class SleepyTarget : PlantedTarget
{
    public override string Name => "sleepy";

    protected override void DoWrong() => Thread.Sleep(Timeout.Infinite);
}
