using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Checkpoints;
using Pipeline.Segmentation.Tests.Images;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_published_checkpoint_holds_exactly_the_tensors_of_its_sizes()
    {
        var published = Path.Combine(GoldenFile.Root, "lisa", "checkpoint_bin_bf16");

        var compared = Compare(published);

        compared.Checkpoint.Faults.ShouldBe("");
        compared.VisionTower.Faults.ShouldBe("");
    }

    [Fact]
    public void The_demo_model_holds_exactly_the_tensors_of_its_sizes()
    {
        var compared = Compare(Path.Combine(GoldenFile.Root, "..", "..", "models", "demo"));

        compared.Checkpoint.Faults.ShouldBe("");
        compared.VisionTower.Faults.ShouldBe("");
    }

    [Fact]
    public void The_large_sizes_have_as_many_parameters_as_the_networks_they_are_made_of()
    {
        // Published counts: LLaMA 7B and LLaMA-2 13B without added tokens, SAM ViT-H with its matrix of positions, CLIP ViT-L/14's vision half.
        Count(ModelSizes.Lisa7B, IsLanguage).ShouldBe(6_738_415_616);
        Count(ModelSizes.Lisa13B, IsLanguage).ShouldBe(13_015_864_320);
        Count(ModelSizes.Lisa7B, name => name.StartsWith("model.visual_model.", StringComparison.Ordinal)).ShouldBe(641_090_608 + (2 * 128));
        TensorPlan.Of(to => RandomModel.AddVisionTower(to, ModelSizes.Lisa13B)).Tensors.Sum(Size).ShouldBe(303_179_776);

        static long Count(ModelSizes sizes, Func<string, bool> which) =>
            TensorPlan.Of(to => RandomModel.AddLanguageAndMasks(to, sizes, vocabulary: 32000)).Tensors.Where(tensor => which(tensor.Name)).Sum(Size);

        static bool IsLanguage(string name) => name is "lm_head.weight" or "model.embed_tokens.weight" or "model.norm.weight" || name.StartsWith("model.layers.", StringComparison.Ordinal);

        static long Size(RandomTensor tensor) => tensor.Shape.Aggregate(1L, (product, length) => product * length);
    }

    [Fact]
    public void Everything_missing_misshapen_and_unexpected_is_listed_at_once()
    {
        LisaPresets.Write("tiny", folder.Path, seed: 1);
        Change(tensors =>
        {
            tensors.Remove("lm_head.weight");
            tensors.Remove("model.layers.3.mlp.up_proj.weight");
            tensors["model.norm.weight"] = zeros(7);
            tensors["model.visual_model.image_encoder.neck.0.weight"] = zeros(2, 2);
            tensors["model.grounding_encoder.pos_embed"] = zeros(1);
            tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = zeros(1);
        });

        var message = Should.Throw<CheckpointException>(() => LisaModel.Load(folder.Path, CPU, ScalarType.Float32)).Message;

        message.ShouldStartWith(folder.Path);
        message.ShouldContain("2 tensors are missing: lm_head.weight; model.layers.3.mlp.up_proj.weight.");
        message.ShouldContain("2 tensors are misshapen: 'model.norm.weight' has shape (7); expected (96); 'model.visual_model.image_encoder.neck.0.weight' has shape (2, 2); expected (64, 64, 1, 1).");
        message.ShouldContain("1 tensor is unexpected: model.grounding_encoder.pos_embed");
        message.ShouldNotContain("inv_freq");
    }

    [Fact]
    public void A_long_list_ends_with_how_many_there_are_more()
    {
        LisaPresets.Write("tiny", folder.Path, seed: 1);
        Change(tensors => tensors.Keys.Where(name => name.StartsWith("model.layers", StringComparison.Ordinal)).ToList().ForEach(name => tensors.Remove(name)));

        Should.Throw<CheckpointException>(() => LisaModel.Load(folder.Path, CPU, ScalarType.Float32)).Message.ShouldEndWith("; and 16 more");
    }

    private static LisaTensors Compare(string path)
    {
        var config = LisaConfig.Read(Path.Combine(path, "config.json"));
        var found = LisaFolder.Find(path, config);
        using var checkpoint = Checkpoint.Open(found.Path, CPU, ScalarType.Float32);
        using var tower = Checkpoint.Open(found.VisionTower, CPU, ScalarType.Float32);
        return LisaTensors.Compare(found, config, checkpoint, tower);
    }

    private void Change(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        var path = folder.File("model.safetensors");
        using var original = Checkpoint.Open(path, CPU, ScalarType.Float32);
        var tensors = original.Names.ToDictionary(name => name, name => original.Weights.Get(name));
        change(tensors);
        SafetensorsWriter.Write(path, tensors);
    }
}
