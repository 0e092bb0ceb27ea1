using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Text;
using TorchSharp;

namespace Pipeline.GpuWorker.Inference;

/// <summary>LISA behind the worker's view of a model.</summary>
internal sealed class LisaImageModel(LisaModel model) : IImageModel
{
    public ModelShape Shape => model.Shape;

    /// <exception cref="NotSupportedException">The dtype is unknown, or CUDA is asked for where there is none.</exception>
    /// <exception cref="ArgumentException">There is no such conversation template.</exception>
    public static LisaImageModel Load(ModelKey key) => new(LisaModel.Load(
        key.Checkpoint, DeviceNamed(key.Device), DtypeNamed(key.Dtype), key.Conversation is { } name ? Conversation.Named(name) : null));

    public IEncodedImage Encode(RgbImage image) => new Encoded(model, model.Encode(image));

    public void Dispose() => model.Dispose();

    private static torch.Device DeviceNamed(string name)
    {
        if (name == "auto")
        {
            return torch.cuda.is_available() ? torch.CUDA : torch.CPU;
        }

        if (name.StartsWith("cuda", StringComparison.Ordinal) && !torch.cuda.is_available())
        {
            throw new NotSupportedException($"the job asks for '{name}' and this machine's libtorch has no CUDA; use 'cpu' or 'auto'");
        }

        return torch.device(name);
    }

    private static torch.ScalarType DtypeNamed(string name) => name switch
    {
        "float32" => torch.ScalarType.Float32,
        "bfloat16" => torch.ScalarType.BFloat16,
        "float16" => torch.ScalarType.Float16,
        _ => throw new NotSupportedException($"'{name}' is not a dtype of a model; use float32, bfloat16 or float16"),
    };

    private sealed class Encoded(LisaModel model, EncodedImage image) : IEncodedImage
    {
        public IReadOnlyList<SegmentationOutput> Segment(IReadOnlyList<Expression> expressions, IPruningMethod pruning, PruningTrace? trace) =>
            model.Segment(image, expressions, pruning, trace);

        public IReadOnlyList<SegmentationOutput> Generate(IReadOnlyList<Expression> expressions, IPruningMethod pruning, int maxNewTokens, PruningTrace? trace) =>
            model.Generate(image, expressions, pruning, maxNewTokens, trace);

        public void Dispose() => image.Dispose();
    }
}
