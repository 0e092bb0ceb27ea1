namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Throws what nobody documented.</summary>
public sealed class ForgetfulTarget : PlantedTarget
{
    private readonly string? forgotten = null;

    public override string Name => "forgetful";

    protected override void DoWrong() => _ = forgotten!.Length;
}
