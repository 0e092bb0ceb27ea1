using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Checkpoints;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaPresetsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_other_weights()
    {
        using var folder = new TemporaryFolder();
        LisaPresets.Write("tiny", folder.File("a"), seed: 7);
        LisaPresets.Write("tiny", folder.File("b"), seed: 7);
        LisaPresets.Write("tiny", folder.File("c"), seed: 8);

        var names = Files("a");
        names.ShouldBe(Files("b"));
        names.ShouldContain(Path.Combine("clip-vit-tiny", "model.safetensors"));
        foreach (var name in names)
            File.ReadAllBytes(folder.File(Path.Combine("a", name))).ShouldBe(File.ReadAllBytes(folder.File(Path.Combine("b", name))), name);
        File.ReadAllBytes(folder.File("a/model.safetensors")).ShouldNotBe(File.ReadAllBytes(folder.File("c/model.safetensors")));

        string[] Files(string name) =>
            [.. Directory.GetFiles(folder.File(name), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder.File(name), path)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_trained_checkpoint_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), """{"train_mask_decoder":true}""");

        Should.Throw<IOException>(() => LisaPresets.Write("tiny", folder.Path, seed: 1)).Message.ShouldContain("not made at random");
    }

    [Fact]
    public void An_unknown_preset_is_answered_with_the_known_ones()
    {
        using var folder = new TemporaryFolder();

        Should.Throw<ArgumentException>(() => LisaPresets.Write("huge", folder.Path, seed: 1)).Message.ShouldContain("there are tiny");
    }
}
