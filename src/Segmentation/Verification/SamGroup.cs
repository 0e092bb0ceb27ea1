using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Sam;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>sam</c>: image encoder block by block, every kind of prompt, mask decoder and post-processing.</summary>
internal sealed class SamGroup : IGoldenGroup
{
    private const double Tolerance = 1e-4;
    private static readonly string[] TextTensors =
        ["sparse", "dense", "low_res_masks", "iou_pred", "multimask.low_res_masks", "multimask.iou_pred", "post.masks", "post2.masks"];

    private static readonly string[] PromptTensors =
    [
        "prompt.sparse_points", "prompt.sparse_boxes", "prompt.sparse_box_text", "prompt.sparse_points_boxes", "prompt.dense_masks",
        "prompt.low_res_masks", "prompt.iou_pred",
    ];

    public string Name => "sam";

    public void Verify(GoldenFolder golden)
    {
        using var config = ConfigFile.Open(golden.File("config.json"));
        var weights = golden.Weights().Weights;
        var sam = new SamModel(weights, SamConfig.Read(weights, config));
        var embeddings = Encode(golden, sam);
        golden.Compare("image_pe", 1e-5, () => sam.PromptEncoder.DensePositions);
        golden.Guard(TextTensors, () => Text(golden, sam, embeddings));
        golden.Guard(PromptTensors, () => Prompts(golden, sam, embeddings));
        golden.Compare("relpos_interp.out", Tolerance, () => sam.ImageEncoder.Block(1, golden.Input("relpos_interp.in")));
    }

    private static Tensor Encode(GoldenFolder golden, SamModel sam)
    {
        var x = sam.ImageEncoder.Embed(golden.Input("image"));
        for (var block = 0; block < sam.ImageEncoder.BlockCount; block++)
        {
            var output = x = sam.ImageEncoder.Block(block, x);
            golden.Compare($"block.{block}", Tolerance, () => output);
        }

        var embeddings = sam.ImageEncoder.Neck(x);
        golden.Compare("image_embeddings", Tolerance, () => embeddings);
        return embeddings;
    }

    private static void Text(GoldenFolder golden, SamModel sam, Tensor embeddings)
    {
        var image = embeddings.narrow(0, 0, 1);
        var text = golden.Input("text_embeds");
        var (sparse, dense) = sam.PromptEncoder.Forward(new Prompts { TextEmbeddings = text });
        // Exact in float32; a smaller type has rounded the input already.
        var exact = golden.Dtype == ScalarType.Float32 ? 0 : Tolerance;
        golden.Compare("sparse", exact, () => sparse);
        golden.Compare("dense", exact, () => dense.expand(text.shape[0], -1, -1, -1));

        var (masks, quality) = sam.MaskDecoder.Forward(image, sam.PromptEncoder.DensePositions, sparse, dense);
        golden.Compare("low_res_masks", Tolerance, () => masks);
        golden.Compare("iou_pred", Tolerance, () => quality);
        var (three, threeQuality) = sam.MaskDecoder.Forward(image, sam.PromptEncoder.DensePositions, sparse, dense, multimask: true);
        golden.Compare("multimask.low_res_masks", Tolerance, () => three);
        golden.Compare("multimask.iou_pred", Tolerance, () => threeQuality);
        golden.Compare("post.masks", Tolerance, () => Postprocessed("post", masks));
        golden.Compare("post2.masks", Tolerance, () => Postprocessed("post2", masks.narrow(0, 0, 1)));

        Tensor Postprocessed(string name, Tensor lowResolution) => MaskPostprocess.Apply(
            lowResolution, sam.Config.ImageSize, golden.Size($"{name}.input_size"), golden.Size($"{name}.original_size"));
    }

    private static void Prompts(GoldenFolder golden, SamModel sam, Tensor embeddings)
    {
        var points = new Prompts { Points = golden.Input("prompt.points"), Labels = golden.Input("prompt.labels") };
        var boxes = new Prompts { Boxes = golden.Input("prompt.boxes") };
        var all = points with { Boxes = boxes.Boxes, Masks = golden.Input("prompt.masks") };
        golden.Compare("prompt.sparse_points", Tolerance, () => sam.PromptEncoder.Forward(points).Sparse);
        golden.Compare("prompt.sparse_boxes", Tolerance, () => sam.PromptEncoder.Forward(boxes).Sparse);
        golden.Compare("prompt.sparse_box_text", Tolerance, () => sam.PromptEncoder.Forward(new Prompts
        {
            Boxes = boxes.Boxes.narrow(0, 0, 1),
            TextEmbeddings = golden.Input("text_embeds").narrow(0, 0, 1),
        }).Sparse);

        var (sparse, dense) = sam.PromptEncoder.Forward(all);
        golden.Compare("prompt.sparse_points_boxes", Tolerance, () => sparse);
        golden.Compare("prompt.dense_masks", Tolerance, () => dense);
        var (masks, quality) = sam.MaskDecoder.Forward(embeddings.narrow(0, 1, 1), sam.PromptEncoder.DensePositions, sparse, dense, multimask: true);
        golden.Compare("prompt.low_res_masks", Tolerance, () => masks);
        golden.Compare("prompt.iou_pred", Tolerance, () => quality);
    }
}
