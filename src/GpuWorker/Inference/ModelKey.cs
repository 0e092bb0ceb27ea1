using Pipeline.Contracts.Results;

namespace Pipeline.GpuWorker.Inference;

/// <summary>What makes two loaded models the same one.</summary>
/// <param name="Checkpoint">Folder.</param>
/// <param name="WeightsHash">The checkpoint's files as they were when the job was planned.</param>
/// <param name="Dtype"><c>float32</c>, <c>bfloat16</c> or <c>float16</c>.</param>
/// <param name="Device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="Conversation">Template of prompts; null for the checkpoint's own.</param>
public sealed record ModelKey(string Checkpoint, string WeightsHash, string Dtype, string Device, string? Conversation = null)
{
    /// <summary>A job that leaves the device open, or says <c>cuda</c> to a worker that owns <c>cuda:N</c>, gets the worker's.</summary>
    public static ModelKey For(ResolvedJob job, string workerDevice)
    {
        var (model, wanted) = (job.Spec.Model, job.Spec.Model.Device);
        var ours = wanted == "auto" || (wanted == "cuda" && workerDevice.StartsWith("cuda", StringComparison.Ordinal));
        return new ModelKey(model.Checkpoint, job.Model.WeightsHash, model.Dtype, ours ? workerDevice : wanted, model.Conversation);
    }
}
