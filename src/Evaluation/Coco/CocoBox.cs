namespace Pipeline.Evaluation.Coco;

/// <summary>A box with real corners, COCO's <c>[x, y, width, height]</c>.</summary>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Top edge, pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    /// <summary>Square pixels.</summary>
    public double Area => Width * Height;

    /// <summary>IoU of every detection with every truth.</summary>
    /// <remarks>cocodataset/cocoapi, common/maskApi.c, bbIou.</remarks>
    /// <param name="detections">D boxes.</param>
    /// <param name="truths">G boxes.</param>
    /// <param name="crowd">G flags: against a crowd region the union is the detection's area alone.</param>
    /// <returns>(D, G); 0 where nothing is shared.</returns>
    public static double[,] IouMatrix(IReadOnlyList<CocoBox> detections, IReadOnlyList<CocoBox> truths, IReadOnlyList<bool> crowd)
    {
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(crowd);
        if (crowd.Count != truths.Count)
            throw new ArgumentException($"{truths.Count} truths need as many crowd flags, not {crowd.Count}.", nameof(crowd));
        var matrix = new double[detections.Count, truths.Count];
        for (var d = 0; d < detections.Count; d++)
        {
            for (var g = 0; g < truths.Count; g++)
                matrix[d, g] = detections[d].Iou(truths[g], crowd[g]);
        }

        return matrix;
    }

    private double Iou(CocoBox truth, bool crowd)
    {
        var width = Math.Min(Width + X, truth.Width + truth.X) - Math.Max(X, truth.X);
        var height = Math.Min(Height + Y, truth.Height + truth.Y) - Math.Max(Y, truth.Y);
        if (width <= 0 || height <= 0)
            return 0;
        var shared = width * height;
        return shared / (crowd ? Area : Area + truth.Area - shared);
    }
}
