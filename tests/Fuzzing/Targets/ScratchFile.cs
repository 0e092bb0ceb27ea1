using Microsoft.Win32.SafeHandles;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A file that is written again for every input, for parsers that read files.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pipeline-fuzz-").FullName;
    private readonly SafeFileHandle handle;

    /// <param name="name">What the parser goes by; may lie in folders of its own.</param>
    public ScratchFile(string name)
    {
        Path = System.IO.Path.Combine(folder, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        handle = File.OpenHandle(Path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    public string Path { get; }

    /// <summary>Holds the file, and nothing else.</summary>
    public string Folder => folder;

    /// <returns>Its path.</returns>
    public string Fill(ReadOnlySpan<byte> content)
    {
        RandomAccess.SetLength(handle, content.Length);
        RandomAccess.Write(handle, content, 0);
        return Path;
    }

    public void Dispose()
    {
        handle.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
