using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Sam;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

/// <summary>The small LISA of the golden set, which answers its prompt with several [SEG].</summary>
public sealed class GoldenLisa : IDisposable
{
    private readonly Checkpoint checkpoint;
    private readonly Checkpoint tower;
    private readonly Checkpoint io;
    private readonly IDisposable recording = no_grad();

    public GoldenLisa()
    {
        var folder = Path.Combine(GoldenLlama.GoldenSet, "lisa");
        var config = LisaConfig.Read(Path.Combine(folder, "config.json"));
        checkpoint = Checkpoint.Open(Path.Combine(folder, "model.safetensors"), CPU, ScalarType.Float32);
        tower = Checkpoint.Open(Path.Combine(folder, "clip.safetensors"), CPU, ScalarType.Float32);
        io = Checkpoint.Open(Path.Combine(folder, "io.safetensors"), CPU, ScalarType.Float32);
        using var settings = ConfigFile.Open(Path.Combine(folder, "golden.json"));
        var sam = SamConfig.Read(checkpoint.Weights["model.visual_model"], settings.Section("sam"));
        Network = new LisaNetwork(checkpoint.Weights, tower.Weights, config, ClipConfig.Read(Path.Combine(folder, config.VisionTower, "config.json")), sam);
        using var scope = NewDisposeScope();
        Visual = Network.Project(Network.VisualFeatures(io.Weights.Get("clip_pixel_values"))).DetachFromDisposeScope();
        Embedding = Network.Sam.ImageEncoder.Forward(io.Weights.Get("sam_input")).DetachFromDisposeScope();
        var (resized, original) = (Size("resize_hw"), Size("original_hw"));
        Image = new EncodedImage
        {
            VisualTokens = Visual,
            Embedding = Embedding,
            LastVisionInput = Visual.alias().DetachFromDisposeScope(),
            Resized = resized,
            Original = original,
            Evidence = new ImageEvidence(0),
        };
        Prompt = new TokenRow(Ids("prompt_ids"), Ids("prompt_ids").Count - 1);
        Rules = new AnswerRules(settings.Positive("seg_token_idx"), [settings.Positive("eos_id")], settings.Positive("max_new_tokens"));
    }

    public LisaNetwork Network { get; }

    public Tensor Visual { get; }

    public Tensor Embedding { get; }

    public EncodedImage Image { get; }

    /// <summary>Upstream's.</summary>
    public TokenRow Prompt { get; }

    /// <summary>Upstream's.</summary>
    public AnswerRules Rules { get; }

    /// <summary>Prompts of several lengths: upstream's with words left out or said again.</summary>
    public IReadOnlyList<TokenRow> Prompts => [Prompt, Altered(drop: 3, again: 0), Altered(drop: 0, again: 4), Altered(drop: 6, again: 1)];

    public void Dispose()
    {
        Network.Dispose();
        Image.Dispose();
        checkpoint.Dispose();
        tower.Dispose();
        io.Dispose();
        recording.Dispose();
    }

    private TokenRow Altered(int drop, int again)
    {
        var start = Prompt.Ids.ToList().IndexOf(ImageSplice.ImageToken) + 2;
        int[] ids = [.. Prompt.Ids.Take(start), .. Prompt.Ids.Skip(start + drop), .. Prompt.Ids.Skip(start).Take(again)];
        return new TokenRow(ids, ids.Length - 1);
    }

    private List<int> Ids(string name) => [.. io.Weights.Get(name).data<long>().ToArray().Select(id => (int)id)];

    private (int Height, int Width) Size(string name) => io.Weights.Get(name).data<long>().ToArray() is [var height, var width]
        ? ((int)height, (int)width)
        : throw new InvalidDataException(name);
}
