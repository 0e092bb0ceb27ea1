using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.GpuWorker.Children;

/// <summary>How the child is started: the worker's own program, with the few variables that a runtime and a tensor library need, and none of its settings.</summary>
internal static class ChildEnvironment
{
    private static readonly string[] Names = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "LD_PRELOAD", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    private static readonly string[] Prefixes =
        ["LC_", "DOTNET_", "OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "MALLOC_", "CUDA_", "CUBLAS_", "NVIDIA_", "TORCH_", "PYTORCH_"];

    /// <param name="socketPath">Where the worker listens.</param>
    public static ProcessStartInfo For(string socketPath)
    {
        var program = typeof(ChildEnvironment).Assembly.Location;
        var start = new ProcessStartInfo(Runtime(), [program, InferenceChild.Argument, socketPath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => !IsNeeded(name)).ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>Settings are variables too: whatever has their separator stays here.</summary>
    private static bool IsNeeded(string name) =>
        !name.Contains("__", StringComparison.Ordinal)
        && (Names.Contains(name, StringComparer.Ordinal) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

    /// <summary>The <c>dotnet</c> that runs this process, wherever it is installed.</summary>
    private static string Runtime()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(root) ? root : "dotnet";
    }
}
