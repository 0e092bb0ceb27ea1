using Pipeline.Contracts.Manifests;

namespace Pipeline.Cli.Synthesis;

/// <summary><c>manifest.jsonl</c> and <c>images/</c>.</summary>
internal sealed class ManifestLayout : ISceneLayout
{
    private readonly string folder;
    private readonly ManifestWriter writer;

    public ManifestLayout(string folder)
    {
        this.folder = folder;
        Target = TargetIn(folder);
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        writer = new ManifestWriter(Unfinished);
    }

    public string Target { get; }

    private string Unfinished => Target + ".unfinished";

    public static string TargetIn(string folder) => Path.Combine(folder, "manifest.jsonl");

    public void WriteImage(DrawnScene scene) => File.WriteAllBytes(ImageOf(scene), scene.Image);

    public Task AddAsync(DrawnScene scene, CancellationToken token)
    {
        var expressions = scene.Scene.Expressions.Select(expression => expression.ToExpression(new MaskSource { Rle = expression.Mask })).ToArray();
        return writer.WriteAsync(new Sample(scene.Name, new ImageSource { Path = ImageOf(scene) }, ContentHash: null, expressions), token);
    }

    public async Task CompleteAsync()
    {
        await writer.DisposeAsync();
        File.Move(Unfinished, Target);
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private string ImageOf(DrawnScene scene) => Path.Combine(folder, "images", scene.FileName);
}
