using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Inference;

/// <summary>Tells from an exception of the model what kind of fault it was.</summary>
/// <remarks>libtorch throws one type for everything; its allocators and its CUDA layer are known by their words.</remarks>
internal static class InferenceFault
{
    private static readonly string[] Memory = ["out of memory", "can't allocate memory", "not enough memory"];

    private static readonly string[] Device = ["CUDA error", "CUBLAS_STATUS", "CUDNN_STATUS", "cuDNN error", "NCCL"];

    /// <returns>Capacity for a lack of memory, transient for a device that misbehaves, cancelled for a cancellation; what remains lies in the input.</returns>
    public static FaultClass ClassOf(Exception fault) => fault switch
    {
        OperationCanceledException => FaultClass.Cancelled,
        OutOfMemoryException => FaultClass.Capacity,
        _ when Mentions(fault, Memory) => FaultClass.Capacity,
        _ when Mentions(fault, Device) => FaultClass.Transient,
        _ => FaultClass.Poison,
    };

    private static bool Mentions(Exception fault, string[] words) =>
        words.Any(word => fault.Message.Contains(word, StringComparison.OrdinalIgnoreCase)) || (fault.InnerException is { } inner && Mentions(inner, words));
}
