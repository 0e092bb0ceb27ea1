namespace Pipeline.Evaluation.Coco;

/// <summary>What became of the detections of one image, category and area range.</summary>
/// <param name="Scores">D scores, surest first.</param>
/// <param name="Found">(T, D), row by row: the detection was matched to a truth.</param>
/// <param name="Ignored">(T, D): it counts neither for nor against.</param>
/// <param name="Wanted">Truths that count.</param>
internal sealed record ImageMatches(double[] Scores, bool[] Found, bool[] Ignored, int Wanted);
