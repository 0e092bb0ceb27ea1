using Pipeline.Contracts.Pickle;

namespace Pipeline.Cli.Synthesis;

/// <summary>RefCOCO's layout as refer has it, all of it split <c>val</c> by <c>unc</c>: an object that is spoken of is a ref with all its expressions.</summary>
internal sealed class ReferLayout : ISceneLayout
{
    private readonly string images;
    private readonly string unfinished;
    private readonly InstancesWriter instances;
    private readonly FileStream stream;
    private readonly PickleWriter refs;
    private int lastRef;
    private int lastSentence;

    public ReferLayout(string folder)
    {
        Target = TargetIn(folder);
        unfinished = Target + ".unfinished";
        images = Path.Combine(folder, "images", "mscoco", "images", "train2014");
        Directory.CreateDirectory(images);
        instances = new InstancesWriter(Path.Combine(folder, "refcoco", "instances.json"));
        stream = File.Create(unfinished);
        refs = new PickleWriter(stream);
    }

    public string Target { get; }

    public static string TargetIn(string folder) => Path.Combine(folder, "refcoco", "refs(unc).p");

    public void WriteImage(DrawnScene scene) => File.WriteAllBytes(Path.Combine(images, scene.FileName), scene.Image);

    public Task AddAsync(DrawnScene scene, CancellationToken token)
    {
        var image = instances.AddImage(scene.FileName, scene.Scene.Width, scene.Scene.Height);
        foreach (var target in scene.Scene.Expressions.GroupBy(expression => expression.Target))
        {
            var category = instances.AddCategory("object", "thing");
            var annotation = instances.AddAnnotation(image, category, target.First().Mask);
            var sentences = target.Select(expression => Sentence(expression.Text)).ToArray();
            refs.Append(new Dictionary<string, object?>
            {
                ["ref_id"] = lastRef++,
                ["ann_id"] = annotation,
                ["image_id"] = image,
                ["category_id"] = category,
                ["file_name"] = scene.FileName,
                ["split"] = "val",
                ["sent_ids"] = sentences.Select(sentence => sentence["sent_id"]),
                ["sentences"] = sentences,
            });
        }

        return Task.CompletedTask;
    }

    public async Task CompleteAsync()
    {
        await instances.CompleteAsync();
        refs.End();
        await DisposeAsync();
        File.Move(unfinished, Target);
    }

    public async ValueTask DisposeAsync()
    {
        await instances.DisposeAsync();
        await stream.DisposeAsync();
    }

    private Dictionary<string, object?> Sentence(string text) => new()
    {
        ["sent_id"] = lastSentence++,
        ["sent"] = text,
        ["raw"] = text,
        ["tokens"] = text.Split(' '),
    };
}
