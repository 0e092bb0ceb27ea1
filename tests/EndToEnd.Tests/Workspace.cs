using System.Text.Json.Nodes;

namespace Pipeline.EndToEnd.Tests;

/// <summary>A temporary folder with a tiny model, for one test class.</summary>
public sealed class Workspace : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("pipeline-e2e-").FullName;

    public string Model => Path.Combine(Folder, "tiny");

    public async ValueTask InitializeAsync() =>
        (await PipelineCommand.RunAsync("model", "init", "--preset", "tiny", "--out", Model)).ShouldExitWith(0);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a job file over the tiny model.</summary>
    public string Job(string name, string dataset, string variants, string rest = "")
    {
        var file = In($"{name}.yaml");
        File.WriteAllText(file, $$"""
            name: {{name}}
            dataset: {{dataset}}
            model: { checkpoint: {{Model}} }
            variants: {{variants}}
            {{rest}}
            """);
        return file;
    }

    public static JsonNode Report(string outFolder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(outFolder, "report.json")))!;
}
