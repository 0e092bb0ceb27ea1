using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Float32 means float32 on a GPU too: left alone, cuDNN rounds the factors of convolutions to the 10 bits of TF32.</summary>
internal static class FullPrecision
{
    /// <summary>Switches TF32 off for the whole process.</summary>
    /// <param name="device">Where a model will run; nothing to do on the CPU.</param>
    public static void Keep(Device device)
    {
        if (device.type != TorchSharp.DeviceType.CUDA) return;
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
    }
}
