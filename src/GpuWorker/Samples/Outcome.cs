using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.GpuWorker.Samples;

/// <summary>What the model gave for one (expression, variant): exactly one of the two.</summary>
internal sealed record Outcome(SegmentationOutput? Output, PredictionFailure? Failure);
