namespace Pipeline.Cli.Synthesis;

/// <summary>COCO's layout: <c>annotations/instances_val.json</c> and <c>val/</c>. A category is what an expression says, its supercategory the expression's kind.</summary>
internal sealed class CocoLayout : ISceneLayout
{
    private readonly string images;
    private readonly string unfinished;
    private readonly InstancesWriter instances;

    public CocoLayout(string folder)
    {
        Target = TargetIn(folder);
        unfinished = Target + ".unfinished";
        images = Path.Combine(folder, "val");
        Directory.CreateDirectory(images);
        instances = new InstancesWriter(unfinished);
    }

    public string Target { get; }

    public static string TargetIn(string folder) => Path.Combine(folder, "annotations", "instances_val.json");

    public void WriteImage(DrawnScene scene) => File.WriteAllBytes(Path.Combine(images, scene.FileName), scene.Image);

    public Task AddAsync(DrawnScene scene, CancellationToken token)
    {
        var image = instances.AddImage(scene.FileName, scene.Scene.Width, scene.Scene.Height);
        foreach (var expression in scene.Scene.Expressions)
            instances.AddAnnotation(image, instances.AddCategory(expression.Text, expression.ToExpression(mask: null).Kind!), expression.Mask);
        return Task.CompletedTask;
    }

    public async Task CompleteAsync()
    {
        await instances.CompleteAsync();
        await DisposeAsync();
        File.Move(unfinished, Target);
    }

    public ValueTask DisposeAsync() => instances.DisposeAsync();
}
