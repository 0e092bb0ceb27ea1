using System.Reflection;

namespace Pipeline.Orchestrator;

/// <summary>Which code this is, for fingerprints and reports.</summary>
public static class CodeVersion
{
    /// <summary>Version, with the commit where the build knew it.</summary>
    public static string Current { get; } =
        typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
