using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Decomposed relative positions: what a query adds for the row and for the column distance of each key.</summary>
/// <remarks>segment_anything/modeling/image_encoder.py, get_rel_pos and add_decomposed_rel_pos, for queries and keys of the same grid.</remarks>
internal static class RelativePositions
{
    /// <param name="query">(B, H, W, d), not scaled.</param>
    /// <param name="rowTable">(2 S - 1, d); interpolated where the grid has another size.</param>
    /// <param name="columnTable">(2 S - 1, d).</param>
    /// <returns>Terms for the key's row (B, H, W, H) and for its column (B, H, W, W).</returns>
    public static (Tensor Rows, Tensor Columns) Terms(Tensor query, Tensor rowTable, Tensor columnTable)
    {
        using var scope = NewDisposeScope();
        var rows = einsum("bhwc,hkc->bhwk", query, Distances(rowTable, query.shape[1]));
        var columns = einsum("bhwc,wkc->bhwk", query, Distances(columnTable, query.shape[2]));
        return (rows.MoveToOuterDisposeScope(), columns.MoveToOuterDisposeScope());
    }

    /// <returns>(size, size, d): row i, column j holds the table's entry for the distance i - j.</returns>
    private static Tensor Distances(Tensor table, long size)
    {
        using var scope = NewDisposeScope();
        var length = (2 * size) - 1;
        if (table.shape[0] != length)
        {
            var asSignal = table.t().unsqueeze(0);
            table = nn.functional.interpolate(asSignal, size: [length], mode: InterpolationMode.Linear, align_corners: false).squeeze(0).t();
        }

        var positions = arange(size, dtype: ScalarType.Int64, device: table.device);
        var distances = positions.unsqueeze(1) - positions.unsqueeze(0) + (size - 1);
        return table.index_select(0, distances.flatten()).view(size, size, -1).MoveToOuterDisposeScope();
    }
}
