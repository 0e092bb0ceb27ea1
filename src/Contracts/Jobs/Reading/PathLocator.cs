using Pipeline.Contracts.Files;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Finds what a job file names.</summary>
internal sealed class PathLocator
{
    private readonly Func<string, IEnumerable<string>> candidates;
    private readonly DataRoots roots;

    /// <summary>From the current directory if it is there, otherwise from the file's own folder.</summary>
    public PathLocator(string folder)
    {
        roots = DataRoots.Everywhere;
        candidates = path => [Path.GetFullPath(path), Path.GetFullPath(path, Path.GetFullPath(folder))];
    }

    /// <summary>Inside the roots only.</summary>
    public PathLocator(DataRoots roots)
    {
        this.roots = roots;
        candidates = roots.Find;
    }

    /// <returns>Why it is not even looked for; null where it is.</returns>
    public string? Refuse(string path) => roots.Refuse(path);

    /// <returns>Absolute path of a file or folder that exists; null where there is none.</returns>
    public string? Find(string path) => candidates(path).FirstOrDefault(Path.Exists);

    /// <param name="right">What it should be, for the message.</param>
    /// <returns>Absolute path of what a key names; null, with a fault, if it is not there or of the wrong kind.</returns>
    public string? Locate(Section section, string key, string right, Func<string, bool> isRight)
    {
        if (section.RequiredText(key, $"use the path of {right}") is not { } path)
            return null;
        if (Refuse(path) is { } refusal)
        {
            section.Fault(key, section.Find(key)!.Line, $"{path} {refusal}");
            return null;
        }

        var found = Find(path);
        if (found is not null && isRight(found))
            return found;
        var problem = found is null ? "does not exist" : Directory.Exists(found) ? "is a folder" : "is a file";
        section.Fault(key, section.Find(key)!.Line, $"{path} {problem}; expected {right}");
        return null;
    }
}
