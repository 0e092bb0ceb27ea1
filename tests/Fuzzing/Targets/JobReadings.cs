using Pipeline.Contracts.Jobs;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Reads jobs as the command does before it runs one, and as it does before it sends one away.</summary>
internal static class JobReadings
{
    private static readonly MethodsCatalog Catalog = new();

    public static Reading Of(byte[] input, string name)
    {
        JobFile.WithAbsolutePaths(input, name, "/");
        var reading = JobFile.Parse(input, name, "/", Catalog);
        if (reading.Spec is null && reading.Faults.Count == 0)
            throw new InvalidOperationException("refused without a fault");
        if (reading.Faults.Any(fault => string.IsNullOrWhiteSpace(fault.Message)))
            throw new InvalidOperationException("a fault that says nothing");
        return new Reading(reading.Spec is not null);
    }
}
