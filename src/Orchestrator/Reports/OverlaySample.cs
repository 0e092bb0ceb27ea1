using Pipeline.Contracts.Results;
using Pipeline.Evaluation;

namespace Pipeline.Orchestrator.Reports;

/// <summary>A sample as the report shows it.</summary>
/// <param name="Id">Sample id.</param>
/// <param name="Jpeg">The image, perhaps smaller than the masks; null where the worker could not read it.</param>
/// <param name="Expressions">In the sample's order.</param>
internal sealed record OverlaySample(string Id, byte[]? Jpeg, IReadOnlyList<OverlayExpression> Expressions);

/// <summary>One expression with its ground truth and every variant's answer.</summary>
/// <param name="Text">The expression.</param>
/// <param name="Truth">Ground truth as runs; null where there is none or it is a file.</param>
/// <param name="TruthPng">Ground truth as the dataset's PNG file.</param>
/// <param name="Answers">One per variant, in their order.</param>
internal sealed record OverlayExpression(string Text, Rle? Truth, byte[]? TruthPng, IReadOnlyList<OverlayAnswer> Answers);

/// <summary>One variant's answer.</summary>
/// <param name="Mask">Null when failed or not kept.</param>
/// <param name="Overlap">Null when failed or without ground truth.</param>
/// <param name="Failure">Why there is no mask.</param>
/// <param name="Stages">Visual tokens of each stage; null when failed or not recorded.</param>
/// <param name="Said">What the model said; null when failed or where the answer was forced.</param>
internal sealed record OverlayAnswer(Rle? Mask, MaskOverlap? Overlap, string? Failure, IReadOnlyList<TokenStage>? Stages, GeneratedAnswer? Said = null);
