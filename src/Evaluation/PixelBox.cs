namespace Pipeline.Evaluation;

/// <summary>A box of whole pixels, COCO's [x, y, width, height].</summary>
/// <param name="X">Leftmost column.</param>
/// <param name="Y">Topmost row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height);
