namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Wrong images, given to a command that reads one.</summary>
internal static class BadImages
{
    public static IReadOnlyList<BadCase> All { get; } =
    [
        .. BadImageFiles.All.Select(image => Of(image.Name, bench => bench.File(image.Name.Replace(' ', '_'), image.Content), image.Name.Replace(' ', '_') + ": ", image.Reason)),
        Of("is not there", bench => $"{bench.Folder()}/gone.jpg", "gone.jpg does not exist; expected a JPEG or PNG file"),
        Of("is a folder", bench => bench.Folder(), "is a folder; expected a JPEG or PNG file"),
        Of("is a device", _ => "/dev/zero", "/dev/zero is a device or a pipe; expected a JPEG or PNG file"),
    ];

    private static BadCase Of(string name, Func<Workshop, string> image, params string[] words) =>
        new($"image: {name}", bench => $"prune {image(bench)} --model {bench.Model} --text ring --variants none --out {bench.Folder()}/sheet.png", words);
}
