namespace Pipeline.Servers.Azurite;

/// <summary>Where Azurite and what runs it lie.</summary>
/// <param name="Main">The blob server's script.</param>
/// <param name="Durable">Loaded before it: makes it confirm only what it has saved.</param>
internal sealed record AzuritePrograms(string Main, string Durable)
{
    private const string Variable = "PIPELINE_AZURITE";
    private const string Modules = "node_modules";
    private const string Script = "azurite/dist/src/blob/main.js";

    /// <summary>Looks in the folder that <c>PIPELINE_AZURITE</c> names, then in <c>artifacts/azurite</c> of the folders above this program and above the current one.</summary>
    /// <exception cref="ServerException">It or Node is not there; the message says how to get it.</exception>
    public static AzuritePrograms Find()
    {
        if (!OnPath("node"))
            throw new ServerException("Node.js (node), which runs Azurite, is missing. On Debian or Ubuntu: apt-get install --no-install-recommends nodejs");
        foreach (var folder in Candidates())
        {
            var programs = new AzuritePrograms(Path.Combine(folder, Modules, Script), Path.Combine(folder, "durable.js"));
            if (File.Exists(programs.Main) && File.Exists(programs.Durable))
                return programs;
        }

        throw new ServerException(
            $"Azurite is neither in artifacts/azurite nor in the folder that {Variable} names. './pipeline up' installs it; by hand: " +
            "cp infra/azurite/* artifacts/azurite/ && npm ci --prefix artifacts/azurite");
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            yield return named;
        foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                yield return Path.Combine(folder.FullName, "artifacts", "azurite");
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
