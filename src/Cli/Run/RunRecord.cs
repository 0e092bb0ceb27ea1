using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Contracts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Text;

namespace Pipeline.Cli.Run;

/// <summary>What a run's folder is for, written into it before anything else: <c>run.json</c>.</summary>
/// <param name="Job">Id of its job.</param>
/// <param name="Spec">As the job file said, every list expanded.</param>
/// <param name="Model">The checkpoint.</param>
/// <param name="CodeVersion">Of the program that began it: another may compute other numbers.</param>
internal sealed record RunRecord(Guid Job, JobSpec Spec, ModelDescription Model, string CodeVersion)
{
    public static RunRecord New(JobSpec spec, ModelDescription model) => new(Guid.CreateVersion7(), spec, model, Orchestrator.CodeVersion.Current);

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static RunRecord Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(path), ContractsJson.Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is no record of a run: {fault.Message}; give another folder with --out, or remove this one.", fault);
        }
    }

    public void Write(string path)
    {
        var aside = $"{path}.new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(this, ContractsJson.Indented));
        File.Move(aside, path, overwrite: true);
    }

    /// <returns>In what the other asks for something else; nothing when it can go on with what this one did.</returns>
    public IReadOnlyList<string> DifferencesTo(RunRecord other) => [.. JsonDifferences.Of(ToJson(), (other with { Job = Job }).ToJson())];

    private JsonNode? ToJson() => JsonSerializer.SerializeToNode(this, ContractsJson.Options);
}
