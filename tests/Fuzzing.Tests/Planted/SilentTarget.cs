namespace Pipeline.Fuzzing.Tests.Planted;

/// <summary>Refuses without a word.</summary>
public sealed class SilentTarget : PlantedTarget
{
    public override string Name => "silent";

    protected override void DoWrong() => throw new InvalidDataException("");
}
