namespace Pipeline.Contracts.Synthetic;

/// <summary>Smooth noise: random values on a grid, blended between by integers.</summary>
internal sealed class ValueNoise
{
    private readonly int cell;
    private readonly int columns;
    private readonly sbyte[] grid;
    private readonly int[] column;
    private readonly int[] blend;
    private readonly int[] row;

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="cell">Pixels between grid points.</param>
    /// <param name="random">Fills the grid.</param>
    public ValueNoise(int width, int height, int cell, RandomStream random)
    {
        this.cell = cell;
        columns = width / cell + 2;
        grid = new sbyte[columns * (height / cell + 2)];
        for (var i = 0; i < grid.Length; i++)
            grid[i] = (sbyte)(random.Next() >> 56);
        column = [.. Enumerable.Range(0, width).Select(x => x / cell)];
        blend = [.. Enumerable.Range(0, width).Select(x => Ease(x % cell))];
        row = new int[columns];
    }

    /// <param name="y">Row of the picture.</param>
    /// <param name="values">One per column, -128 to 127.</param>
    public void Row(int y, Span<int> values)
    {
        var top = y / cell * columns;
        var down = Ease(y % cell);
        for (var i = 0; i < columns; i++)
            row[i] = grid[top + i] * (256 - down) + grid[top + columns + i] * down;
        for (var x = 0; x < values.Length; x++)
            values[x] = (row[column[x]] * (256 - blend[x]) + row[column[x] + 1] * blend[x]) >> 16;
    }

    /// <summary>0 to 256 along a cell, flat at both ends: 3 t^2 - 2 t^3.</summary>
    private int Ease(int offset)
    {
        var t = offset * 256 / cell;
        return (t * t * (768 - 2 * t)) >> 16;
    }
}
