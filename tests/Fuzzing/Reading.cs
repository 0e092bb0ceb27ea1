namespace Pipeline.Fuzzing;

/// <summary>What a parser said of an input it did not throw at.</summary>
/// <param name="IsAccepted">False where it refuses by what it returns.</param>
/// <param name="Needed">Bytes that what was read takes by right, such as pixels; they are allowed on top of the target's bound.</param>
public readonly record struct Reading(bool IsAccepted, long Needed = 0)
{
    public static Reading Accepted { get; } = new(true);
}
