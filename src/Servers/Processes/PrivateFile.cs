using System.Text.Json;

namespace Pipeline.Servers.Processes;

/// <summary>Small JSON files that only their owner can read: they hold passwords and keys.</summary>
public static class PrivateFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Makes a folder that only its owner can enter, parents as they come.</summary>
    /// <exception cref="ServerException">This is no Unix.</exception>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            throw new ServerException("Servers of one's own need Unix accounts, signals and sockets; name running servers instead.");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a file as a whole: a reader sees the old content or the new.</summary>
    public static void Write(string path, string content)
    {
        var aside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(aside, options))
            writer.Write(content);
        File.Move(aside, path, overwrite: true);
    }

    /// <inheritdoc cref="Write(string, string)"/>
    public static void Write<T>(string path, T value) => Write(path, JsonSerializer.Serialize(value, Json));

    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="ServerException">The file is damaged; the message names it.</exception>
    public static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json);
        }
        catch (JsonException error)
        {
            throw new ServerException($"{path} is damaged ({error.Message}); remove it, or the whole folder.", error);
        }
    }
}
