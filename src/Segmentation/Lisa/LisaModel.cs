using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Layers;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Sam;
using Pipeline.Segmentation.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>A LISA checkpoint ready to segment: images and expressions in, masks out.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
public sealed class LisaModel : IDisposable
{
    private readonly Checkpoint checkpoint;
    private readonly Checkpoint tower;
    private readonly LisaNetwork network;
    private readonly Dialogue dialogue;
    private readonly int maxPositions;
    private readonly ClipPreprocessor clipPreprocessor;
    private readonly SamPreprocessor samPreprocessor;
    private readonly Device device;
    private readonly ScalarType dtype;

    private LisaModel(LisaFolder folder, LisaConfig config, Checkpoint checkpoint, Checkpoint tower, Device device, ScalarType dtype)
    {
        (this.checkpoint, this.tower, this.device, this.dtype) = (checkpoint, tower, device, dtype);
        dialogue = new Dialogue(folder.Path, config.Conversation, checkpoint.Weights.Size("model.embed_tokens.weight", 0));
        maxPositions = config.Language.MaxPositions;
        using var json = ConfigFile.Open(folder.ConfigFile);
        var samConfig = SamConfig.Read(checkpoint.Weights["model.visual_model"], json.Section("sam"));
        var towerConfig = ClipConfig.Read(folder.VisionTowerConfigFile);
        clipPreprocessor = new ClipPreprocessor(towerConfig.ImageSize);
        samPreprocessor = new SamPreprocessor(samConfig.ImageSize);
        network = new LisaNetwork(checkpoint.Weights, tower.Weights, config, towerConfig, samConfig);
    }

    public ModelShape Shape => network.Shape;

    /// <summary>Tensors of the checkpoint that the model has no use for; any at all are a sign of another architecture.</summary>
    public IReadOnlyList<string> UnusedTensors => [.. checkpoint.Unused, .. tower.Unused];

    /// <param name="folder">Checkpoint: config.json, weights, tokenizer; its vision tower beside or inside it.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="dtype">What it computes in.</param>
    /// <param name="conversation">Template of its prompts; null for what its <c>config.json</c> says, which published checkpoints do not.</param>
    /// <exception cref="CheckpointException">Something is missing, damaged or does not fit; the message names it.</exception>
    /// <exception cref="InvalidDataException">Tokenizer or decoder sizes make no sense.</exception>
    public static LisaModel Load(string folder, Device device, ScalarType dtype, Conversation? conversation = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        var config = LisaConfig.Read(Path.Combine(folder, "config.json"));
        if (conversation is not null)
            config = config with { Conversation = conversation };
        var found = LisaFolder.Find(folder, config);
        Checkpoint? checkpoint = null;
        Checkpoint? tower = null;
        try
        {
            using var recording = no_grad();
            FullPrecision.Keep(device);
            checkpoint = Checkpoint.Open(found.Path, device, dtype);
            tower = Checkpoint.Open(found.VisionTower, device, dtype);
            LisaTensors.Compare(found, config, checkpoint, tower).RefuseFaults();
            return new LisaModel(found, config, checkpoint, tower, device, dtype);
        }
        catch
        {
            checkpoint?.Dispose();
            tower?.Dispose();
            throw;
        }
    }

    /// <summary>Everything that expressions and variants share.</summary>
    public EncodedImage Encode(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var view = clipPreprocessor.View(image);
        var (features, lastInput) = network.VisualFeaturesAndInput(clipPreprocessor.Normalize(view).to(dtype, device));
        var visual = network.Project(features);
        var input = samPreprocessor.Apply(image);
        var embedding = network.Sam.ImageEncoder.Forward(input.Pixels.to(dtype, device));
        return new EncodedImage
        {
            VisualTokens = visual.DetachFromDisposeScope(),
            Embedding = embedding.DetachFromDisposeScope(),
            Resized = (input.ResizedHeight, input.ResizedWidth),
            Original = (input.OriginalHeight, input.OriginalWidth),
            LastVisionInput = lastInput.DetachFromDisposeScope(),
            Evidence = new ImageEvidence(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(image.Pixels)))
            {
                View = view,
                AttendFromClass = () => network.ClassAttention(lastInput),
            },
        };
    }

    /// <summary>Segments expressions as LISA validates: the answer "[SEG]." is part of the conversation, and one pass gives the masks.</summary>
    /// <param name="image">Encoded by this model.</param>
    /// <param name="expressions">At least one; they run as one batch.</param>
    /// <param name="pruning">Which visual tokens are dropped where.</param>
    /// <param name="trace">Empty; with it, every answer has its stages.</param>
    /// <returns>One answer per expression, in order.</returns>
    /// <exception cref="ArgumentException">An expression contains a token that only the template may contain or is longer than the model can read, or pruning does not fit the model.</exception>
    public IReadOnlyList<SegmentationOutput> Segment(EncodedImage image, IReadOnlyList<Expression> expressions, IPruningMethod pruning, PruningTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(expressions);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        TokenRow[] rows = [.. expressions.Select(Forced)];
        var layout = ImageSplice.Layout(rows, Shape.VisualTokens, dialogue.SegToken);
        using var sequence = network.Read(rows, layout, image.VisualTokens, pruning, image.Evidence, trace: trace);
        var prompts = network.MaskPrompts(sequence.SegStates());
        var read = Now();

        var logits = network.Sam.Segment(image.Embedding, prompts, image.Resized, image.Original);
        var pixels = logits.gt(0).to(ScalarType.Byte).cpu();
        var done = Now();

        var (llm, mask) = (Share(start, read), Share(read, done));
        return [.. expressions.Select((_, i) => new SegmentationOutput(
            pixels.select(0, i).bytes.ToArray(),
            image.Original.Height,
            image.Original.Width,
            sequence.Tokens(i),
            sequence.VisualTokens,
            llm,
            mask)
        {
            Stages = trace?.Of(i),
        })];

        double Share(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds / expressions.Count;
    }

    /// <summary>Lets the model answer in its own words: greedy, each [SEG] of an answer gives a mask, and together they are the answer's mask, empty without any.</summary>
    /// <param name="image">Encoded by this model.</param>
    /// <param name="expressions">At least one; they run as one batch.</param>
    /// <param name="pruning">Which visual tokens are dropped where; decided once, on the prompts.</param>
    /// <param name="maxNewTokens">Tokens an answer may have, its end token included; fewer where the model's positions end.</param>
    /// <param name="trace">Empty; with it, every answer has its stages.</param>
    /// <returns>One answer per expression, in order, each with what was said.</returns>
    /// <exception cref="ArgumentException">An expression contains a token that only the template may contain or leaves no room for an answer, or pruning does not fit the model.</exception>
    public IReadOnlyList<SegmentationOutput> Generate(
        EncodedImage image, IReadOnlyList<Expression> expressions, IPruningMethod pruning, int maxNewTokens, PruningTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(expressions);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        TokenRow[] rows = [.. expressions.Select(dialogue.Open)];
        var rules = new AnswerRules(dialogue.SegToken, dialogue.EndTokens, maxNewTokens, maxPositions);
        using var batch = AnswerDecoding.Run(network, rows, image.VisualTokens, image.Evidence, pruning, rules, trace);
        var read = Now();
        var masks = AnswerMasks.Of(network, image, batch.Answers);
        var done = Now();

        var decoding = batch.Decoding.TotalMilliseconds;
        var prefill = Math.Max(0, Stopwatch.GetElapsedTime(start, read).TotalMilliseconds - decoding) / rows.Length;
        var steps = Shares(batch.Answers, answer => answer.Tokens.Count - 1);
        var drawn = Shares(batch.Answers, answer => answer.SegTokens.Count);
        return [.. batch.Answers.Select((answer, i) => new SegmentationOutput(
            masks[i].Union,
            image.Original.Height,
            image.Original.Width,
            batch.Prompts.Tokens(i),
            batch.Prompts.VisualTokens,
            prefill + (steps[i] * decoding),
            drawn[i] * Stopwatch.GetElapsedTime(read, done).TotalMilliseconds)
        {
            Stages = trace?.Of(i),
            Answer = new GeneratedAnswer(dialogue.Text(answer.Tokens), answer.SegTokens.Count, answer.Tokens.Count)
            {
                Truncated = !answer.Ended,
                Parts = masks[i].Masks,
                DecodeMilliseconds = steps[i] * decoding,
            },
        })];
    }

    public void Dispose()
    {
        network.Dispose();
        tower.Dispose();
        checkpoint.Dispose();
    }

    /// <exception cref="ArgumentException">The expression is not for a prompt, or the prompt is longer than the model can read.</exception>
    private TokenRow Forced(Expression expression)
    {
        var row = dialogue.Forced(expression);
        var positions = row.Ids.Count - 1 + Shape.VisualTokens;
        return positions <= maxPositions
            ? row
            : throw new ArgumentException(
                $"an expression of {expression.Text.Length} characters makes a prompt of {positions} tokens, {Shape.VisualTokens} of them visual; the model reads {maxPositions} (max_position_embeddings), so shorten it by at least {positions - maxPositions} tokens",
                nameof(expression));
    }

    /// <summary>How work that answers did together is divided among them: by how much each asked for, evenly where none did.</summary>
    private static double[] Shares(IReadOnlyList<GreedyAnswer> answers, Func<GreedyAnswer, int> work)
    {
        var total = answers.Sum(work);
        return [.. answers.Select(answer => total == 0 ? 1.0 / answers.Count : (double)work(answer) / total)];
    }

    private long Now()
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize();
        return Stopwatch.GetTimestamp();
    }
}
