using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Sam;
using Pipeline.Segmentation.Text;
using Pipeline.TrainDemo.Data;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Model;

/// <summary>A LISA in float32 whose weights can be differentiated, with the heads that only training has.</summary>
/// <remarks>Ranks read it at the same time; only the optimizer writes, between their turns.</remarks>
internal sealed class TrainableModel : IDisposable
{
    private const string AuxiliaryFile = "auxiliary.safetensors";

    private readonly List<Checkpoint> checkpoints = [];
    private readonly ClipPreprocessor clipPreprocessor;
    private readonly SamPreprocessor samPreprocessor;

    private TrainableModel(string folder, ModelSizes sizes, Device device)
    {
        (Sizes, Device) = (sizes, device);
        var config = LisaConfig.Read(Path.Combine(folder, "config.json"));
        Tokenizer = LlamaTokenizer.Load(folder);
        SegToken = Tokenizer.AddedTokenId(PromptTokens.Segmentation) ?? throw new CheckpointException($"{folder}: the tokenizer has no [SEG]");
        NounTokens = NounPhrases.Nouns.Select(noun => Tokenizer.Encode(noun, addBos: false).Single()).ToHashSet();
        var (model, tower, heads) = (Open(Path.Combine(folder, "model.safetensors")), Open(LisaPresets.TowerFolder(folder)), Open(Path.Combine(folder, AuxiliaryFile)));
        using var json = ConfigFile.Open(Path.Combine(folder, "config.json"));
        var towerConfig = ClipConfig.Read(Path.Combine(LisaPresets.TowerFolder(folder), "config.json"));
        Network = new LisaNetwork(model.Weights, tower.Weights, config, towerConfig, SamConfig.Read(model.Weights["model.visual_model"], json.Section("sam")));
        Weights = checkpoints.SelectMany(checkpoint => checkpoint.Names.Select(name => (name, Tensor: checkpoint.Weights.Get(name)))).ToDictionary(pair => pair.name, pair => pair.Tensor);
        Auxiliary = new Auxiliary(Weights);
        clipPreprocessor = new ClipPreprocessor(sizes.ClipImage);
        samPreprocessor = new SamPreprocessor(sizes.SamImage);
    }

    public ModelSizes Sizes { get; }

    public Device Device { get; }

    public LisaNetwork Network { get; }

    public LlamaTokenizer Tokenizer { get; }

    public int SegToken { get; }

    /// <summary>Tokens that end a noun phrase.</summary>
    public IReadOnlySet<int> NounTokens { get; }

    public Auxiliary Auxiliary { get; }

    /// <summary>Numbers in the exported checkpoint.</summary>
    public long ParameterCount => Weights.Where(pair => !pair.Key.StartsWith(Auxiliary.Prefix, StringComparison.Ordinal)).Sum(pair => pair.Value.numel());

    /// <summary>All tensors by their names in the files.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>A model with random weights.</summary>
    /// <param name="folder">Gets its files; they are needed as long as it lives.</param>
    /// <param name="sizes">Of the model.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="device">Where it trains.</param>
    public static TrainableModel Create(string folder, ModelSizes sizes, int seed, Device device)
    {
        Directory.CreateDirectory(folder);
        var vocabulary = DemoTokenizer.Write(folder).Count;
        LisaPresets.WriteConfigs(folder, sizes, vocabulary, random: false);
        Write(Path.Combine(folder, "model.safetensors"), to => RandomModel.AddLanguageAndMasks(to, sizes, vocabulary));
        Write(Path.Combine(LisaPresets.TowerFolder(folder), "model.safetensors"), to => RandomModel.AddVisionTower(to, sizes));
        using (var heads = new RandomTensors(seed, ScalarType.Float32))
        {
            Auxiliary.AddTo(heads, sizes);
            SafetensorsWriter.Write(Path.Combine(folder, AuxiliaryFile), heads.Tensors);
        }

        return new TrainableModel(folder, sizes, device);

        void Write(string path, Action<RandomTensors> fill)
        {
            using RandomTensors shapes = new(0), drawn = new(seed, ScalarType.Float32);
            fill(shapes);
            InitialWeights.Draw(shapes, drawn);
            SafetensorsWriter.Write(path, drawn.Tensors);
        }
    }

    /// <param name="scenes">B of them.</param>
    /// <returns>(B, 3, S, S), as CLIP wants it.</returns>
    public Tensor ClipPixels(IEnumerable<TrainingScene> scenes)
    {
        using var scope = NewDisposeScope();
        return cat([.. scenes.Select(scene => clipPreprocessor.Apply(scene.Image))]).to(Device).MoveToOuterDisposeScope();
    }

    /// <param name="scenes">B of them.</param>
    /// <returns>(B, 3, S, S), as SAM wants it.</returns>
    public Tensor SamPixels(IEnumerable<TrainingScene> scenes)
    {
        using var scope = NewDisposeScope();
        return cat([.. scenes.Select(scene => samPreprocessor.Apply(scene.Image).Pixels)]).to(Device).MoveToOuterDisposeScope();
    }

    /// <param name="image">(1, C, h, w): SAM's embedding of one square image.</param>
    /// <param name="prompts">(N, C).</param>
    /// <param name="side">Of the image, pixels.</param>
    /// <returns>(N, side, side) mask logits.</returns>
    public Tensor Masks(Tensor image, Tensor prompts, int side) => Network.Sam.Segment(image, prompts, (Sizes.SamImage, Sizes.SamImage), (side, side));

    /// <summary>Writes the model as a released LISA is laid out, in bfloat16, without the heads of training.</summary>
    /// <param name="folder">Made if missing; files of the same names are replaced.</param>
    public void Export(string folder)
    {
        Directory.CreateDirectory(folder);
        var vocabulary = DemoTokenizer.Write(folder).Count;
        LisaPresets.WriteConfigs(folder, Sizes, vocabulary, random: false);
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        Write(Path.Combine(folder, "model.safetensors"), name => !IsTower(name));
        Write(Path.Combine(LisaPresets.TowerFolder(folder), "model.safetensors"), IsTower);

        void Write(string path, Func<string, bool> belongs) => SafetensorsWriter.Write(path, Weights
            .Where(pair => belongs(pair.Key) && !pair.Key.StartsWith(Auxiliary.Prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value.detach().to(ScalarType.BFloat16)));
    }

    public void Dispose()
    {
        Network.Dispose();
        checkpoints.ForEach(checkpoint => checkpoint.Dispose());
    }

    private static bool IsTower(string name) => name.StartsWith("vision_model.", StringComparison.Ordinal);

    private Checkpoint Open(string path)
    {
        using var recording = no_grad();
        var opened = Checkpoint.Open(path, Device, ScalarType.Float32);
        checkpoints.Add(opened);
        return opened;
    }
}
