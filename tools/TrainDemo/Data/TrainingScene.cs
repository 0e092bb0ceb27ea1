using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation.Images;

namespace Pipeline.TrainDemo.Data;

/// <summary>A scene with what its losses are computed from.</summary>
/// <param name="Image">Square.</param>
/// <param name="Description">Objects and expressions.</param>
/// <param name="Owners">Per pixel, row-major: 0 the background, else 1 + index of the object.</param>
internal sealed record TrainingScene(RgbImage Image, SceneDescription Description, byte[] Owners)
{
    /// <summary>A patch belongs to the object that covers most of it, if it covers at least this share.</summary>
    private const double LeastCoverage = 0.3;

    public int Side => Image.Width;

    public IReadOnlyList<SceneObject> Objects => Description.Objects;

    public IReadOnlyList<SceneExpression> Expressions => Description.Expressions;

    public static TrainingScene Of(Scene scene)
    {
        var owners = new byte[scene.Width * scene.Height];
        for (var index = 0; index < scene.Description.Objects.Count; index++)
        {
            var mask = scene.Description.Objects[index].Mask.Decode();
            for (var pixel = 0; pixel < mask.Length; pixel++)
                owners[pixel] |= (byte)(mask[pixel] * (index + 1));
        }

        return new TrainingScene(new RgbImage(scene.Width, scene.Height, scene.Rgb), scene.Description, owners);
    }

    /// <summary>How much of each cell of a grid each object covers.</summary>
    /// <returns>Object by object, its cells row-major, 0 to 1.</returns>
    public float[] Coverage(int grid)
    {
        var pixels = new int[grid];
        var cellOf = new int[Side];
        for (var x = 0; x < Side; x++)
            pixels[cellOf[x] = x * grid / Side]++;
        var covered = new float[Objects.Count * grid * grid];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                if (Owners[(y * Side) + x] is > 0 and var owner)
                    covered[((((owner - 1) * grid) + cellOf[y]) * grid) + cellOf[x]] += 1f / (pixels[cellOf[y]] * pixels[cellOf[x]]);

        return covered;
    }

    /// <returns>Per cell of a grid, row-major: 0 the background, else 1 + index of the object.</returns>
    public int[] CellOwners(int grid)
    {
        var covered = Coverage(grid);
        var cells = new int[grid * grid];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var best = Enumerable.Range(0, Objects.Count).MaxBy(index => covered[(index * cells.Length) + cell]);
            cells[cell] = covered[(best * cells.Length) + cell] >= LeastCoverage ? best + 1 : 0;
        }

        return cells;
    }

    /// <summary>An object's outline, whatever its size and place: which points of a grid about its centre belong to it.</summary>
    /// <param name="index">Of the object.</param>
    /// <param name="points">Points along a side.</param>
    /// <returns>Row-major, 0 or 1.</returns>
    public float[] Outline(int index, int points)
    {
        var thing = Objects[index];
        var (centreX, centreY, reach) = (thing.CentroidX / 256.0, thing.CentroidY / 256.0, thing.Radius / 256.0 * 1.2);
        var outline = new float[points * points];
        for (var row = 0; row < points; row++)
        {
            for (var column = 0; column < points; column++)
            {
                var x = (int)Math.Floor(centreX + (reach * ((2 * (column + 0.5) / points) - 1)));
                var y = (int)Math.Floor(centreY + (reach * ((2 * (row + 0.5) / points) - 1)));
                outline[(row * points) + column] = x >= 0 && y >= 0 && x < Side && y < Side && Owners[(y * Side) + x] == index + 1 ? 1 : 0;
            }
        }

        return outline;
    }
}
