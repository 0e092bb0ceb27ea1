namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Takes the process with it, as native code does.</summary>
public sealed class CrashingTarget : PlantedTarget
{
    public override string Name => "crashing";

    protected override void DoWrong() => Environment.FailFast("planted");
}
