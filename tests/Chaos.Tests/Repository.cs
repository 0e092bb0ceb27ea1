namespace Pipeline.Chaos.Tests;

/// <summary>Where the repository lies.</summary>
internal static class Repository
{
    public static string DemoModel { get; } = Path.Combine(Find(), "models", "demo");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests must run inside the repository.");
        return folder.FullName;
    }
}
