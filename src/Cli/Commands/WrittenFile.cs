using System.Globalization;

namespace Pipeline.Cli.Commands;

/// <summary>News of a weight file that has been written.</summary>
internal static class WrittenFile
{
    public static string Line(string path) => string.Create(CultureInfo.InvariantCulture, $"  {Path.GetFileName(path)}  {new FileInfo(path).Length / 1e6:0.0} MB");
}
