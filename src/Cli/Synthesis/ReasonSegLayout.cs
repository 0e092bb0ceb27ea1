using System.Text.Json;
using Pipeline.Evaluation;

namespace Pipeline.Cli.Synthesis;

/// <summary>ReasonSeg's layout with one split, <c>val/</c>: an image and an annotation for every expression.</summary>
internal sealed class ReasonSegLayout : ISceneLayout
{
    private readonly string unfinished;

    public ReasonSegLayout(string folder)
    {
        Target = TargetIn(folder);
        unfinished = Target + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
    }

    public string Target { get; }

    public static string TargetIn(string folder) => Path.Combine(folder, "val");

    public void WriteImage(DrawnScene scene)
    {
        for (var i = 0; i < scene.Scene.Expressions.Count; i++)
            File.WriteAllBytes($"{NameOf(scene, i)}{scene.Ending}", scene.Image);
    }

    public async Task AddAsync(DrawnScene scene, CancellationToken token)
    {
        foreach (var (i, expression) in scene.Scene.Expressions.Index())
        {
            var annotation = new
            {
                text = (string[])[expression.Text],
                is_sentence = expression.IsSentence,
                shapes = MaskRectangles.Of(expression.Mask).Select(box => new { label = "target", points = Corners(box) }),
            };
            await File.WriteAllBytesAsync($"{NameOf(scene, i)}.json", JsonSerializer.SerializeToUtf8Bytes(annotation), token);
        }
    }

    public Task CompleteAsync()
    {
        Directory.Move(unfinished, Target);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Middles of the outermost pixels, since a polygon is drawn with its outline.</summary>
    private static int[][] Corners(PixelBox box)
    {
        var (right, bottom) = (box.X + box.Width - 1, box.Y + box.Height - 1);
        return [[box.X, box.Y], [right, box.Y], [right, bottom], [box.X, bottom]];
    }

    private string NameOf(DrawnScene scene, int expression) => Path.Combine(unfinished, FormattableString.Invariant($"{scene.Name}_{expression}"));
}
