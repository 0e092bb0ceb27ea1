namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Takes memory that no input of a few bytes can justify.</summary>
public sealed class HungryTarget : PlantedTarget
{
    public override string Name => "hungry";

    protected override void DoWrong() => GC.KeepAlive(new byte[64 << 20]);
}
