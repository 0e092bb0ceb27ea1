using Pipeline.Contracts.Synthetic;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Data;

/// <summary>What a vision tower should know about each patch. Rows of all tables are the objects of all images, row 0 the background.</summary>
internal sealed record PatchTargets
{
    /// <summary>Points along a side of an outline.</summary>
    public const int OutlinePoints = 10;

    /// <summary>Classes of each attribute, the background among them: shape, colour, texture, size.</summary>
    public static IReadOnlyList<int> Classes { get; } =
    [
        1 + Enum.GetValues<SceneShape>().Length,
        1 + Enum.GetValues<SceneColor>().Length,
        1 + Enum.GetValues<SceneTexture>().Length,
        1 + Enum.GetValues<SceneSize>().Length,
    ];

    /// <summary>(B * cells) int64: row of the object that the cell belongs to.</summary>
    public required Tensor Rows { get; init; }

    /// <summary>(F) int64: cells that belong to an object.</summary>
    public required Tensor Foreground { get; init; }

    /// <summary>(rows, 4) int64: class of each attribute.</summary>
    public required Tensor Labels { get; init; }

    /// <summary>(F, 5): from the cell to the object's centre (in eighths of the image's side), its radius (in 5/32), its centre (in quarters).</summary>
    public required Tensor Geometry { get; init; }

    /// <summary>(rows, points^2): the objects' outlines.</summary>
    public required Tensor Outlines { get; init; }

    /// <param name="scenes">B scenes.</param>
    /// <param name="grid">Cells along a side.</param>
    /// <param name="device">Where the tensors go.</param>
    public static PatchTargets Of(IReadOnlyList<TrainingScene> scenes, int grid, Device device)
    {
        List<long> rows = [], foreground = [], labels = [0, 0, 0, 0];
        List<float> geometry = [];
        var outlines = new List<float>(new float[OutlinePoints * OutlinePoints]);
        foreach (var scene in scenes)
        {
            var (first, size) = (labels.Count / 4, (float)scene.Side / grid);
            var owners = scene.CellOwners(grid);
            for (var cell = 0; cell < owners.Length; cell++)
            {
                if (owners[cell] > 0)
                {
                    foreground.Add(rows.Count);
                    geometry.AddRange(FromCell(scene, scene.Objects[owners[cell] - 1], ((cell % grid) + 0.5f) * size, ((cell / grid) + 0.5f) * size));
                }

                rows.Add(owners[cell] == 0 ? 0 : first + owners[cell] - 1);
            }

            for (var index = 0; index < scene.Objects.Count; index++)
            {
                var thing = scene.Objects[index];
                labels.AddRange([1 + (int)thing.Shape, 1 + (int)thing.Color, 1 + (int)thing.Texture, 1 + (int)thing.Size]);
                outlines.AddRange(scene.Outline(index, OutlinePoints));
            }
        }

        var objects = labels.Count / 4;
        return new PatchTargets
        {
            Rows = tensor(rows.ToArray(), device: device),
            Foreground = tensor(foreground.ToArray(), device: device),
            Labels = tensor(labels.ToArray(), [objects, 4], device: device),
            Geometry = tensor(geometry.ToArray(), [foreground.Count, 5], device: device),
            Outlines = tensor(outlines.ToArray(), [objects, OutlinePoints * OutlinePoints], device: device),
        };
    }

    private static float[] FromCell(TrainingScene scene, SceneObject thing, float x, float y)
    {
        var unit = scene.Side / 256f;
        var (centreX, centreY) = (thing.CentroidX / 256f, thing.CentroidY / 256f);
        return
        [
            (centreX - x) / (32 * unit), (centreY - y) / (32 * unit),
            thing.Radius / 256f / (40 * unit),
            (centreX / (64 * unit)) - 2, (centreY / (64 * unit)) - 2,
        ];
    }
}
