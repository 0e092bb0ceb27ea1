using System.Text.Json;

namespace Pipeline.Evaluation.Tests;

/// <summary>Reference data under tests/golden.</summary>
internal static class Golden
{
    private static readonly string Folder = Find();

    public static string File(string path) => Path.Combine(Folder, path);

    public static Safetensors Tensors(string path) => new(System.IO.File.ReadAllBytes(File(path)));

    public static JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File(path)));
        return document.RootElement.Clone();
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
                return Path.Combine(folder.FullName, "tests", "golden");
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Pipeline.sln.");
    }
}
