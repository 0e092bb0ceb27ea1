using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Inspection;

/// <summary>Describes the folder of a LISA as far as it goes.</summary>
/// <param name="folder">With a <c>config.json</c> that has <c>train_mask_decoder</c>.</param>
/// <param name="faults">Gets what is wrong.</param>
internal sealed class LisaInspection(string folder, List<string> faults)
{
    private const string Kind = "lisa";

    private string ConfigPath => Path.Combine(folder, "config.json");

    public CheckpointInspection Describe()
    {
        using var checkpoint = Open(folder);
        var tokenizer = ReadTokenizer(checkpoint.Weights);
        if (Try(() => LisaConfig.Read(ConfigPath)) is not { } config)
            return CheckpointInspector.OfWeights(checkpoint, Kind, null, faults) with { Tokenizer = tokenizer };
        var found = Try(() => LisaFolder.Find(folder, config));
        using var tower = found is null ? null : Open(found.VisionTower);
        var sizes = (tower is null ? null : Try(() => LisaSizes.Read(found!, config, checkpoint.Weights, tower.Weights)))
            ?? Try(() => LisaSizes.ReadWithoutTower(ConfigPath, config, checkpoint.Weights));
        var facts = new CheckpointInspection
        {
            Path = folder,
            Kind = Kind,
            Faults = faults,
            RandomWeights = config.RandomWeights,
            Conversation = config.Conversation.Name,
            Tokenizer = tokenizer,
            Parts = [],
            Memory = [],
        };
        return sizes is null ? facts with { Parts = Parts(checkpoint, null, tower, null) } : Describe(facts, config, sizes, checkpoint, found, tower);
    }

    private CheckpointInspection Describe(CheckpointInspection facts, LisaConfig config, LisaSizes sizes, Checkpoint checkpoint, LisaFolder? found, Checkpoint? tower)
    {
        var model = TensorPlan.Of(to => RandomModel.AddLanguageAndMasks(to, sizes.Model, sizes.Vocabulary));
        var vision = TensorPlan.Of(to => RandomModel.AddVisionTower(to, sizes.Model));
        var clip = found is null ? null : Try(() => ClipConfig.Read(found.VisionTowerConfigFile));
        var parameters = model.Parameters + (clip is null ? 0 : vision.Parameters);
        return facts with
        {
            Language = PlainModelInspection.Language(config.Language, sizes.Vocabulary),
            Vision = clip is null ? null : PlainModelInspection.Vision(sizes.Model, config.SelectLayer),
            Masks = Masks(sizes.Model),
            Parts = Parts(checkpoint, TensorComparison.Of(checkpoint, model.Shapes), tower, tower is null || clip is null ? null : TensorComparison.Of(tower, vision.Shapes)),
            Memory = clip is null
                ? MemoryEstimate.OfWeights(parameters)
                : MemoryEstimate.OfLisa(parameters, LisaNetwork.ShapeOf(config, clip, sizes.Vocabulary), sizes.Model),
        };
    }

    private List<PartInspection> Parts(Checkpoint checkpoint, TensorComparison? comparison, Checkpoint? tower, TensorComparison? towerComparison)
    {
        faults.AddRange(new[] { comparison, towerComparison }.OfType<TensorComparison>().Where(part => !part.IsWhole).Select(part => $"{part.Path}: {part.Faults}"));
        var parts = new List<PartInspection> { PartInspection.Of("checkpoint", checkpoint, comparison) };
        if (tower is not null)
            parts.Add(PartInspection.Of("visionTower", tower, towerComparison));
        return parts;
    }

    private static MaskSizes Masks(ModelSizes sizes) => new(
        sizes.SamImage,
        sizes.SamPatch,
        sizes.SamDepth,
        sizes.SamWidth,
        sizes.SamHeads,
        sizes.SamWindow,
        sizes.SamGlobalBlocks,
        sizes.PromptWidth,
        sizes.DecoderHeads);

    private TokenizerFacts? ReadTokenizer(Weights weights)
    {
        try
        {
            var tokenizer = LlamaTokenizer.Load(folder);
            var facts = new TokenizerFacts(tokenizer.Count, Id(PromptTokens.Segmentation), Id(PromptTokens.ImageStart), Id(PromptTokens.ImageEnd));
            if (facts.Seg is null)
                faults.Add($"{folder}: the tokenizer has no added token [SEG]");
            if (weights.Shape("model.embed_tokens.weight") is [var rows, ..] && facts.Tokens > rows)
                faults.Add($"{folder}: the tokenizer has {facts.Tokens} tokens, model.embed_tokens.weight only {rows} rows");
            return facts;

            int? Id(string token) => tokenizer.AddedTokenId(token);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            faults.Add(fault.Message);
            return null;
        }
    }

    private Checkpoint Open(string path) => Checkpoint.OpenWhatThereIs(path, fault => faults.Add(fault.Message));

    private T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CheckpointException fault)
        {
            if (!faults.Contains(fault.Message))
                faults.Add(fault.Message);
            return null;
        }
    }
}
