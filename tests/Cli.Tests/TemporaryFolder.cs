namespace Pipeline.Cli.Tests;

/// <summary>A folder that ends with its test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pipeline-cli-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <returns>Absolute path of the file written.</returns>
    public string Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
