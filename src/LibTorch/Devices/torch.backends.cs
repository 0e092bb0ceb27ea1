using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Switches of the libraries below libtorch.</summary>
    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                /// <summary>Whether float32 matrix products may round their factors to TF32.</summary>
                public static bool allow_tf32
                {
                    get => Bridge.pipeline_tf32_get(0) != 0;
                    set => Bridge.pipeline_tf32_set(0, value ? 1 : 0);
                }
            }
        }

        public static class cudnn
        {
            /// <summary>Whether float32 convolutions may round their factors to TF32.</summary>
            public static bool allow_tf32
            {
                get => Bridge.pipeline_tf32_get(1) != 0;
                set => Bridge.pipeline_tf32_set(1, value ? 1 : 0);
            }
        }
    }
}
