using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Results;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Reads a planned job back from the artifacts.</summary>
internal static class JobArtifact
{
    /// <param name="round">How often variants were added to it.</param>
    /// <exception cref="FileNotFoundException">The job was never planned to its end.</exception>
    public static async Task<ResolvedJob> ReadAsync(IArtifactStore artifacts, Guid job, int round, CancellationToken token)
    {
        var name = ArtifactNames.Job(job, round);
        await using var stream = await artifacts.OpenAsync(name, token);
        await using var limited = new LimitedStream(stream, name, ResolvedJob.LargestFile);
        return await JsonSerializer.DeserializeAsync<ResolvedJob>(limited, ContractsJson.Options, token)
            ?? throw new InvalidDataException($"{name} is empty; expected a resolved job.");
    }
}
