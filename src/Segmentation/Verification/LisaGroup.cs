using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Sam;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>lisa</c>: from a picture and prompt ids to generation, [SEG] states and masks, then the validation pass with the losses of training; and all of it but the losses from the checkpoint as it is published.</summary>
internal sealed class LisaGroup : IGoldenGroup
{
    private const double Exact = 0;
    private const double Tolerance = 2e-4;
    private const double RelativeLossTolerance = 1e-4;

    // The published files round SAM's position matrix to bfloat16, which moves mask logits by about 1e-3.
    private const double RoundedMaskTolerance = 1e-2;
    private const string Published = "checkpoint_bin_bf16";

    private static readonly string[] PreprocessingTensors = ["clip_pixel_values", "sam_input", "resize_hw", "original_hw", "sam_resized_u8"];

    private static readonly string[] EvaluationTensors =
        ["eval.output_ids", "eval.scores", "eval.last_hidden", "eval.seg_mask", "eval.pred_embeddings", "eval.pred_masks"];

    private static readonly string[] LossTensors = ["train.ce_loss", "train.mask_bce_loss", "train.mask_dice_loss", "train.mask_loss", "train.loss"];

    public string Name => "lisa";

    public void Verify(GoldenFolder golden)
    {
        var config = LisaConfig.Read(golden.File("config.json"));
        var tower = ClipConfig.Read(golden.File(Path.Combine(config.VisionTower, "config.json")));
        using var settings = ConfigFile.Open(golden.File("golden.json"));
        var weights = golden.Weights().Weights;
        var sam = SamConfig.Read(weights["model.visual_model"], settings.Section("sam"));
        golden.Guard(PreprocessingTensors, () => Preprocessing(golden, tower, sam));

        using var network = new LisaNetwork(weights, golden.Weights("clip.safetensors").Weights, config, tower, sam);
        var features = network.VisualFeatures(golden.Input("clip_pixel_values"));
        var visual = network.Project(features);
        var embedding = network.Sam.ImageEncoder.Forward(golden.Input("sam_input"));
        golden.Compare("clip_features", 5e-5, () => features);
        golden.Compare("image_tokens", 1e-4, () => visual);
        golden.Compare("image_embeddings", Tolerance, () => embedding);
        golden.Compare("prompt_embeds", 1e-4, () => ImageSplice.Embed(network.Language, [Prompt(golden)], visual));
        golden.Guard(EvaluationTensors, () => Evaluation(golden, network, visual, embedding, settings, Tolerance));
        golden.Guard(["fwd.pred_masks", .. LossTensors], () =>
        {
            using var sequence = Validation(golden, network, visual);
            var masks = Masks(golden, network, sequence.SegStates(), embedding);
            golden.Compare("fwd.pred_masks", Tolerance, () => masks);
            golden.Guard(LossTensors, () => Losses(golden, network, sequence, masks));
        });
        AsPublished(golden.From(Published), settings);
    }

    /// <summary>The same from the files as they are published: PyTorch's, in shards, the vision tower in a folder of its own.</summary>
    private static void AsPublished(GoldenFolder golden, ConfigFile settings) =>
        golden.Guard(["tensors", "clip_features", "image_tokens", "image_embeddings", .. EvaluationTensors, "fwd.pred_masks"], () =>
        {
            var config = LisaConfig.Read(golden.File(Path.Combine(Published, "config.json")));
            var folder = LisaFolder.Find(golden.File(Published), config);
            var weights = golden.Weights(Published).Weights;
            golden.Equal("tensors", golden.Weights().Names, () => SameTensors(golden));

            var sam = SamConfig.Read(weights["model.visual_model"], settings.Section("sam"));
            using var network = new LisaNetwork(weights, golden.Weights(folder.VisionTower).Weights, config, ClipConfig.Read(folder.VisionTowerConfigFile), sam);
            var features = network.VisualFeatures(golden.Input("clip_pixel_values"));
            var visual = network.Project(features);
            var embedding = network.Sam.ImageEncoder.Forward(golden.Input("sam_input"));
            golden.Compare("clip_features", 5e-5, () => features);
            golden.Compare("image_tokens", 1e-4, () => visual);
            golden.Compare("image_embeddings", Tolerance, () => embedding);
            golden.Guard(EvaluationTensors, () => Evaluation(golden, network, visual, embedding, settings, RoundedMaskTolerance));
            using var sequence = Validation(golden, network, visual);
            golden.Compare("fwd.pred_masks", RoundedMaskTolerance, () => Masks(golden, network, sequence.SegStates(), embedding));
        });

    /// <returns>Names of the tensors that are the same number for number; those that the published files round are rounded first.</returns>
    private static IReadOnlyList<string> SameTensors(GoldenFolder golden)
    {
        using var published = Checkpoint.Open(golden.File(Published), CPU, ScalarType.BFloat16);
        using var exact = Checkpoint.Open(golden.File("model.safetensors"), CPU, ScalarType.BFloat16);
        return [.. published.Names.Where(name => exact.Has(name) && published.Weights.Get(name).bytes.SequenceEqual(exact.Weights.Get(name).bytes))];
    }

    private static void Preprocessing(GoldenFolder golden, ClipConfig tower, SamConfig sam)
    {
        var pixels = golden.Expected().Weights.Get("image_u8", -1, -1, 3);
        var image = new RgbImage((int)pixels.shape[1], (int)pixels.shape[0], pixels.bytes.ToArray());
        golden.Compare("clip_pixel_values", 1e-6, () => new ClipPreprocessor(tower.ImageSize).Apply(image));
        var input = new SamPreprocessor(sam.ImageSize).Apply(image);
        golden.Compare("sam_input", 1e-5, () => input.Pixels);
        golden.Compare("resize_hw", Exact, () => tensor((long[])[input.ResizedHeight, input.ResizedWidth]));
        golden.Compare("original_hw", Exact, () => tensor((long[])[input.OriginalHeight, input.OriginalWidth]));
        golden.Compare("sam_resized_u8", Exact, () =>
        {
            var resized = PilResize.Resize(image, input.ResizedWidth, input.ResizedHeight, PilFilter.Bilinear);
            return tensor(resized.Pixels, [resized.Height, resized.Width, 3]);
        });
    }

    private static void Evaluation(GoldenFolder golden, LisaNetwork network, Tensor visual, Tensor embedding, ConfigFile settings, double maskTolerance)
    {
        var prompt = Prompt(golden);
        var rules = new AnswerRules(settings.Positive("seg_token_idx"), [settings.Positive("eos_id")], settings.Positive("max_new_tokens"));
        using var trace = new AnswerTrace();
        using var batch = AnswerDecoding.Run(network, [prompt], visual, new ImageEvidence(0), new NoPruning(), rules, trace: trace);
        var answer = batch.Answers[0];
        golden.Decide("eval.output_ids", () => tensor((long[])[.. prompt.Ids.Concat(answer.Tokens)]).unsqueeze(0));
        golden.Compare("eval.scores", Tolerance, trace.Logits);
        golden.Compare("eval.last_hidden", Tolerance, trace.Hidden);
        // The state of the prompt's last token chose the first new one.
        var (states, first) = (trace.Hidden().shape[1], batch.Prompts.Hidden.shape[1] - 1);
        golden.Decide("eval.seg_mask", () => zeros([states], ScalarType.Bool).index_fill_(0, tensor((long[])[.. answer.SegTokens.Select(token => first + token)]), true).unsqueeze(0));
        golden.Compare("eval.pred_embeddings", Tolerance, () => network.MaskPrompts(answer.SegStates!));
        golden.Compare("eval.pred_masks", maskTolerance, () => Masks(golden, network, answer.SegStates!, embedding));
    }

    private static Tensor Masks(GoldenFolder golden, LisaNetwork network, Tensor states, Tensor embedding) =>
        network.Sam.Segment(embedding, network.MaskPrompts(states), golden.Size("resize_hw"), golden.Size("original_hw"));

    private static PrunedSequence Validation(GoldenFolder golden, LisaNetwork network, Tensor visual)
    {
        var io = golden.Expected().Weights;
        var ids = Ids(io.Get("fwd.input_ids", -1, -1));
        var real = io.Get("fwd.attention_mask", io.Size("fwd.input_ids", 0), -1).to(ScalarType.Int64).sum(1).data<long>().ToArray();
        TokenRow[] rows = [.. ids.Select((row, i) => new TokenRow([.. row.Take((int)real[i])], (int)real[i] - 1))];
        var layout = ImageSplice.Layout(rows, (int)visual.shape[1], (int)io.Get("fwd.seg_token_idx", 1).data<long>().ToArray()[0]);
        return network.Read(rows, layout, visual, new NoPruning(), new ImageEvidence(0));
    }

    private static void Losses(GoldenFolder golden, LisaNetwork network, PrunedSequence sequence, Tensor masks)
    {
        var (layout, text) = (sequence.Layout, golden.Input("train.labels"));
        var (start, end) = (layout.VisualStart, sequence.Hidden.shape[1] - layout.VisualEnd);
        var image = full([text.shape[0], layout.VisualTokens], LisaLoss.IgnoredLabel, ScalarType.Int64, golden.Device);
        var labels = cat([text.narrow(1, 0, start), image, text.narrow(1, start + 1, end)], 1);
        var truth = golden.Input("fwd.gt_masks").to(ScalarType.Float32);
        var words = LisaLoss.CrossEntropyWeight * LisaLoss.CrossEntropy(network.Language.Logits(sequence.Hidden), labels);
        var bce = LisaLoss.MaskBceWeight * LisaLoss.MaskBce(masks, truth);
        var dice = LisaLoss.DiceWeight * LisaLoss.Dice(masks, truth);
        Compare("train.ce_loss", words);
        Compare("train.mask_bce_loss", bce);
        Compare("train.mask_dice_loss", dice);
        Compare("train.mask_loss", bce + dice);
        Compare("train.loss", words + bce + dice);

        void Compare(string name, Tensor loss) =>
            golden.Compare(name, RelativeLossTolerance * Math.Abs(golden.Expected().Weights.Get(name, 1).item<double>()), () => loss.view(1));
    }

    private static TokenRow Prompt(GoldenFolder golden)
    {
        var ids = Ids(golden.Expected().Weights.Get("prompt_ids", 1, -1))[0];
        return new TokenRow(ids, ids.Count - 1);
    }

    private static IReadOnlyList<IReadOnlyList<int>> Ids(Tensor ids)
    {
        var values = ids.data<long>().ToArray();
        return [.. Enumerable.Range(0, (int)ids.shape[0]).Select(row =>
            (IReadOnlyList<int>)[.. Enumerable.Range(0, (int)ids.shape[1]).Select(i => (int)values[(row * (int)ids.shape[1]) + i])])];
    }
}
