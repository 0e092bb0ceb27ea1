using System.Reflection;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>Version of this code, as results and messages carry it.</summary>
internal static class CodeVersion
{
    public static string Current { get; } =
        typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Two versions that give the same predictions: those whose first two numbers agree.</summary>
    public static bool Agree(string one, string other) => FirstTwo(one) == FirstTwo(other);

    private static string FirstTwo(string version) => string.Join('.', version.Split('+', '-')[0].Split('.').Take(2));
}
