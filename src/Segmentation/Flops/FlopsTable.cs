namespace Pipeline.Segmentation.Flops;

/// <summary>Rows that belong together.</summary>
/// <param name="Title">Whose numbers they are.</param>
/// <param name="Remark">What was assumed, and why rows that differ do.</param>
/// <param name="Figures">The rows; in one table all or none of them have a published value.</param>
public sealed record FlopsTable(string Title, string Remark, IReadOnlyList<FlopsFigure> Figures);
