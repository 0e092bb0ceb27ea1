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
                    get => Tf32Allowed(0);
                    set => Bridge.Check(Bridge.pipeline_tf32_set(0, value ? 1 : 0));
                }
            }
        }

        public static class cudnn
        {
            /// <summary>Whether float32 convolutions may round their factors to TF32.</summary>
            public static bool allow_tf32
            {
                get => Tf32Allowed(1);
                set => Bridge.Check(Bridge.pipeline_tf32_set(1, value ? 1 : 0));
            }
        }

        private static unsafe bool Tf32Allowed(int cudnn)
        {
            int allowed;
            Bridge.Check(Bridge.pipeline_tf32_get(cudnn, &allowed));
            return allowed != 0;
        }
    }
}
