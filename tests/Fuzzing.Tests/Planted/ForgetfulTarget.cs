namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Throws what nobody documented.</summary>
public sealed class ForgetfulTarget : PlantedTarget
{
    public override string Name => "forgetful";

    protected override void DoWrong() => _ = Forgotten()!.Length;

    private static string? Forgotten() => null;
}
