namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Works for ever.</summary>
public sealed class EndlessTarget : PlantedTarget
{
    public override string Name => "endless";

    protected override void DoWrong()
    {
        while (true)
            Thread.SpinWait(1000);
    }
}
