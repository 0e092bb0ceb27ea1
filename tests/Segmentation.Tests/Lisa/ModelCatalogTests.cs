using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Lisa;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class ModelCatalogTests(TinyLisa tiny) : IClassFixture<TinyLisa>
{
    [Fact]
    public void A_checkpoint_is_described_as_it_loads()
    {
        var description = new ModelCatalog().Describe(tiny.Folder);

        description.Shape.ShouldBe(tiny.Model.Shape);
        description.Shape.VisualTokens.ShouldBe(256);
        description.RandomWeights.ShouldBeTrue();
        description.WeightsHash.ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public void The_hash_follows_the_bytes_and_not_the_place()
    {
        using var folder = new Tests.Checkpoints.TemporaryFolder();
        LisaPresets.Write("tiny", folder.File("same"), seed: 1);
        LisaPresets.Write("tiny", folder.File("other"), seed: 2);
        var hash = new ModelCatalog().Describe(tiny.Folder).WeightsHash;

        new ModelCatalog().Describe(folder.File("same")).WeightsHash.ShouldBe(hash);
        new ModelCatalog().Describe(folder.File("other")).WeightsHash.ShouldNotBe(hash);
        File.WriteAllText(folder.File("same/generation_config.json"), "{}");
        new ModelCatalog().Describe(folder.File("same")).WeightsHash.ShouldNotBe(hash);
        File.Delete(folder.File("same/generation_config.json"));
        File.AppendAllText(folder.File("same/added_tokens.json"), "\n");
        new ModelCatalog().Describe(folder.File("same")).WeightsHash.ShouldNotBe(hash);
    }

    [Fact]
    public void A_folder_that_is_no_checkpoint_is_refused_with_what_is_missing()
    {
        using var folder = new Tests.Checkpoints.TemporaryFolder();
        Fault(folder.Path).ShouldContain("config.json");
        File.WriteAllText(folder.File("config.json"), "{}");
        Fault(folder.Path).ShouldContain("train_mask_decoder");
        File.WriteAllText(folder.File("config.json"), "not JSON");
        Fault(folder.Path).ShouldContain("not valid JSON");
    }

    [Fact]
    public void A_missing_vision_tower_says_where_it_was_looked_for()
    {
        using var folder = new Tests.Checkpoints.TemporaryFolder();
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        Directory.Delete(folder.File("tiny/clip-vit-tiny"), recursive: true);

        var fault = Should.Throw<CheckpointException>(() => LisaModel.Load(folder.File("tiny"), CPU, ScalarType.Float32));

        fault.Message.ShouldContain("vision_tower 'clip-vit-tiny' was not found");
        fault.Message.ShouldContain(folder.File("tiny/clip-vit-tiny"));
        Fault(folder.File("tiny")).ShouldContain("was not found");
    }

    [Fact]
    public void A_vision_tower_beside_the_checkpoint_is_found()
    {
        using var folder = new Tests.Checkpoints.TemporaryFolder();
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        Directory.Move(folder.File("tiny/clip-vit-tiny"), folder.File("clip-vit-tiny"));

        new ModelCatalog().Describe(folder.File("tiny")).WeightsHash.ShouldBe(new ModelCatalog().Describe(tiny.Folder).WeightsHash);
    }

    [Fact]
    public void A_truncated_weight_file_is_named()
    {
        using var folder = new Tests.Checkpoints.TemporaryFolder();
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        using (var file = File.OpenWrite(folder.File("tiny/model.safetensors")))
            file.SetLength(file.Length / 2);

        Fault(folder.File("tiny")).ShouldContain("model.safetensors");
    }

    private static string Fault(string folder) => Should.Throw<InvalidDataException>(() => new ModelCatalog().Describe(folder)).Message;
}
