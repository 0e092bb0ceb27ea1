using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The functions of libpipelinetorch.so; see native/dispatcher.cpp for what they do.</summary>
internal static unsafe partial class Bridge
{
    private const string Library = "pipelinetorch";

    private static nint loaded;

    static Bridge() => NativeLibrary.SetDllImportResolver(typeof(Bridge).Assembly, Load);

    /// <exception cref="ExternalException">libtorch reported an error; the message is its.</exception>
    public static void Check(int failed)
    {
        if (failed != 0)
        {
            throw new ExternalException(LastError);
        }
    }

    public static string LastError => Marshal.PtrToStringUTF8(pipeline_last_error()) ?? "unknown error";

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library)
        {
            return 0;
        }

        return loaded != 0 ? loaded : loaded = LoadWithCuda();
    }

    /// <summary>libtorch asks once whether there is CUDA and keeps the answer, so its CUDA part comes with it wherever there is one.</summary>
    private static nint LoadWithCuda()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "libpipelinetorch.so");
        if (!File.Exists(path))
        {
            throw new DllNotFoundException($"{path} does not exist: build src/LibTorch with Torch=system, which makes it.");
        }

        try
        {
            var bridge = NativeLibrary.Load(path);
            ((delegate* unmanaged<int>)NativeLibrary.GetExport(bridge, nameof(pipeline_cuda_load)))();
            return bridge;
        }
        catch (DllNotFoundException failure)
        {
            throw new DllNotFoundException(
                $"{path} could not be loaded; libtorch is probably not installed. On Debian: "
                + $"apt-get install --no-install-recommends libtorch-dev libopenblas0-pthread. The loader said: {failure.Message}",
                failure);
        }
    }

    [LibraryImport(Library)]
    private static partial nint pipeline_last_error();

    [LibraryImport(Library)]
    public static partial nint pipeline_torch_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint pipeline_operator_find(string name, string overload);

    [LibraryImport(Library)]
    public static partial int pipeline_operator_call(nint op, Value* arguments, int count, Value* results, int capacity, int* produced);

    [LibraryImport(Library)]
    public static partial void pipeline_list_free(nint pointers);

    [LibraryImport(Library)]
    public static partial int pipeline_tensor_describe(nint tensor, TensorDescription* description);

    [LibraryImport(Library)]
    public static partial int pipeline_tensor_data(nint tensor, void** data);

    [LibraryImport(Library)]
    public static partial void pipeline_tensor_release(nint tensor);

    [LibraryImport(Library)]
    public static partial nint pipeline_tensor_share(nint tensor);

    [LibraryImport(Library)]
    public static partial int pipeline_tensor_requires_grad(nint tensor);

    [LibraryImport(Library)]
    public static partial int pipeline_tensor_is_leaf(nint tensor);

    [LibraryImport(Library)]
    public static partial int pipeline_tensor_get_grad(nint tensor, nint* grad);

    [LibraryImport(Library)]
    public static partial int pipeline_tensor_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    public static partial int pipeline_backward(
        nint* outputs, int outputCount, nint* grads, int gradCount, int retain, int create, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    public static partial int pipeline_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* grads, int gradCount, int retain, int create, int allowUnused, nint* results);

    [LibraryImport(Library)]
    public static partial int pipeline_grad_mode_get();

    [LibraryImport(Library)]
    public static partial void pipeline_grad_mode_set(int enabled);

    [LibraryImport(Library)]
    public static partial int pipeline_inference_mode_get();

    [LibraryImport(Library)]
    public static partial nint pipeline_inference_mode_begin(int enabled);

    [LibraryImport(Library)]
    public static partial void pipeline_inference_mode_end(nint guard);

    [LibraryImport(Library)]
    public static partial int pipeline_manual_seed(ulong seed);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_default(long device, nint* generator);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_create(long device, ulong seed, nint* generator);

    [LibraryImport(Library)]
    public static partial void pipeline_generator_release(nint generator);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_set_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_random_seed(nint generator, ulong* seed);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_initial_seed(nint generator, ulong* seed);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_get_state(nint generator, nint* state);

    [LibraryImport(Library)]
    public static partial int pipeline_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    public static partial int pipeline_threads_get();

    [LibraryImport(Library)]
    public static partial int pipeline_threads_set(int count);

    [LibraryImport(Library)]
    public static partial int pipeline_interop_threads_get();

    [LibraryImport(Library)]
    public static partial int pipeline_interop_threads_set(int count);

    [LibraryImport(Library)]
    public static partial int pipeline_cuda_load();

    [LibraryImport(Library)]
    public static partial int pipeline_cuda_device_count();

    [LibraryImport(Library)]
    public static partial int pipeline_cuda_has_cudnn();

    [LibraryImport(Library)]
    public static partial int pipeline_cuda_synchronize(int device);

    [LibraryImport(Library)]
    public static partial int pipeline_cuda_memory(int device, long* bytes);

    [LibraryImport(Library)]
    public static partial int pipeline_cuda_reset_peak_memory(int device);

    [LibraryImport(Library)]
    public static partial int pipeline_tf32_get(int cudnn, int* allowed);

    [LibraryImport(Library)]
    public static partial int pipeline_tf32_set(int cudnn, int allowed);
}
