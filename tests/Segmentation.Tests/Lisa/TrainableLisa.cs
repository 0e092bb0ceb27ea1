using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Sam;
using Pipeline.Segmentation.Tests.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

/// <summary>The tiny preset with weights that gradients are taken by, and a loss that depends on all its networks.</summary>
public sealed class TrainableLisa : IDisposable
{
    private const int Segmentation = 7;
    private readonly TemporaryFolder temporary = new();
    private readonly Checkpoint checkpoint;
    private readonly Checkpoint tower;
    private readonly LisaNetwork network;

    public TrainableLisa()
    {
        LisaPresets.Write("tiny", temporary.File("tiny"), seed: 3);
        var config = LisaConfig.Read(temporary.File("tiny/config.json"));
        var folder = LisaFolder.Find(temporary.File("tiny"), config);
        (checkpoint, tower) = (Checkpoint.Open(folder.Path, CPU, ScalarType.Float32), Checkpoint.Open(folder.VisionTower, CPU, ScalarType.Float32));
        // Before anything is made of them: what a network derives from its weights once must not be what it was made with.
        Weights = checkpoint.Names.Select(name => (Name: name, Tensor: checkpoint.Weights.Get(name)))
            .Concat(tower.Names.Select(name => (Name: name, Tensor: tower.Weights.Get(name))))
            .ToDictionary(weight => weight.Name, weight => weight.Tensor.requires_grad_());
        using var json = ConfigFile.Open(folder.ConfigFile);
        var sam = SamConfig.Read(checkpoint.Weights["model.visual_model"], json.Section("sam"));
        network = new LisaNetwork(checkpoint.Weights, tower.Weights, config, ClipConfig.Read(folder.VisionTowerConfigFile), sam);
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>LISA's training loss of a random picture with two conversations, three [SEG] and random masks.</summary>
    public Tensor Loss(int seed)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator((ulong)seed, CPU);
        var visual = network.Project(network.VisualFeatures(randn([1, 3, 224, 224], generator: generator)));
        var embedding = network.Sam.ImageEncoder.Forward(randn([1, 3, 256, 256], generator: generator));
        TokenRow[] rows = [Row(seed, 5, 11, Segmentation, 12), Row(seed, 23, Segmentation, 9, 31, Segmentation, 12)];
        using var sequence = network.Read(rows, ImageSplice.Layout(rows, (int)visual.shape[1], Segmentation), visual, new NoPruning(), new ImageEvidence(0));
        var logits = network.Language.Logits(sequence.Hidden);
        var labels = zeros([2, logits.shape[1]], ScalarType.Int64).fill_(LisaLoss.IgnoredLabel);
        labels.narrow(1, logits.shape[1] - 4, 4).fill_(Segmentation);

        var prompts = network.MaskPrompts(sequence.SegStates());
        var (sparse, dense) = network.Sam.PromptEncoder.Forward(new Prompts { TextEmbeddings = prompts.unsqueeze(1) });
        var (masks, _) = network.Sam.MaskDecoder.Forward(embedding, network.Sam.PromptEncoder.DensePositions, sparse, dense);
        var truth = randn([3, 8, 8], generator: generator).gt(0).to(ScalarType.Float32).repeat_interleave(8, 1).repeat_interleave(8, 2);
        var ofMasks = (LisaLoss.MaskBceWeight * LisaLoss.MaskBce(masks.squeeze(1), truth)) + (LisaLoss.DiceWeight * LisaLoss.Dice(masks.squeeze(1), truth));
        return ((LisaLoss.CrossEntropyWeight * LisaLoss.CrossEntropy(logits, labels)) + ofMasks).MoveToOuterDisposeScope();
    }

    /// <returns>The derivative of <see cref="Loss"/> by every weight, in their order; null where it has none.</returns>
    public IReadOnlyList<Tensor?> Gradients(int seed)
    {
        using var loss = Loss(seed);
        return [.. autograd.grad([loss], [.. Weights.Values], allow_unused: true).Select(gradient => gradient.IsInvalid ? null : gradient)];
    }

    public void Dispose()
    {
        network.Dispose();
        checkpoint.Dispose();
        tower.Dispose();
        temporary.Dispose();
    }

    private static TokenRow Row(int seed, params int[] answer)
    {
        int[] ids = [1, 40, ImageSplice.ImageToken, 41, 50 + seed, .. answer];
        return new TokenRow(ids, 4);
    }
}
