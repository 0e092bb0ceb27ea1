using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Tests.Synthetic;

public sealed class SyntheticSplitTests
{
    private static readonly SyntheticSplit[] All = Enum.GetValues<SyntheticSplit>();

    [Fact]
    public void The_same_seed_and_index_give_another_scene_in_every_split()
    {
        for (var index = 0; index < 40; index++)
        {
            var scenes = All.Select(split => new SyntheticScene(3, index, 96, 96, split)).ToArray();
            scenes.Select(scene => Layout(SyntheticScenes.Describe(scene))).ShouldBeUnique($"index {index}");
            scenes.Select(SyntheticScenes.ContentHash).ShouldBeUnique();
        }
    }

    [Fact]
    public void No_scene_of_one_split_is_in_another()
    {
        var layouts = All.SelectMany(split => Enumerable.Range(0, 400).Select(index => Layout(SyntheticScenes.Describe(new SyntheticScene(0, index, 64, 64, split)))));
        layouts.ShouldBeUnique();
    }

    [Fact]
    public void The_content_hash_of_a_held_out_scene_does_not_name_its_split() =>
        SyntheticScenes.ContentHash(new SyntheticScene(7, 3, 96, 64)).ShouldBe(Convert.ToHexStringLower(SHA256.HashData("synthetic/1/7/3/96x64"u8)));

    [Theory]
    [InlineData(SyntheticSplit.Train, "4a0ca74c0d6f6977")]
    [InlineData(SyntheticSplit.Validation, "e72132ace2beaa8c")]
    [InlineData(SyntheticSplit.Crowded, "c86ad942464e58fb")]
    [InlineData(SyntheticSplit.Textures, "0558dead3b4589e8")]
    public void A_scene_of_a_split_is_the_same_on_every_machine_for_ever(SyntheticSplit split, string expected)
    {
        var hash = SHA256.HashData([.. Enumerable.Range(0, 6).SelectMany(index =>
        {
            var scene = SyntheticScenes.Render(new SyntheticScene(7, index, 131, 97, split), SyntheticScenes.MostExpressions);
            return scene.Rgb.Concat(Encoding.UTF8.GetBytes(string.Join('\n', scene.Expressions.Select(expression => $"{expression.Text} {expression.Mask.Counts}"))));
        })]);
        Convert.ToHexStringLower(hash)[..16].ShouldBe(expected);
    }

    [Fact]
    public void Crowded_scenes_have_seven_eight_and_nine_objects_of_both_sizes()
    {
        var scenes = Enumerable.Range(0, 100).Select(index => SyntheticScenes.Describe(new SyntheticScene(4, index, 128, 128, SyntheticSplit.Crowded))).ToArray();
        foreach (var count in (int[])[7, 8, 9])
            scenes.Count(scene => scene.Objects.Count == count).ShouldBeGreaterThan(9, $"{count} objects");
        foreach (var size in Enum.GetValues<SceneSize>())
            scenes.Sum(scene => scene.Objects.Count(thing => thing.Size == size)).ShouldBeGreaterThan(150, $"{size}");
    }

    [Fact]
    public void A_crowd_finds_room_at_every_kind_of_size()
    {
        foreach (var (width, height) in ((int, int)[])[(64, 64), (65, 67), (71, 71), (64, 129), (127, 97), (64, 4096)])
            for (var index = 0; index < 60; index++)
                SyntheticScenes.Describe(new SyntheticScene(8, index, width, height, SyntheticSplit.Crowded)).Objects.Count.ShouldBeInRange(7, 9, $"{width}x{height} {index}");
    }

    [Fact]
    public void Backgrounds_with_a_pattern_have_hard_edges_and_clouds_have_none()
    {
        Steps(SyntheticSplit.Textures).ShouldBeGreaterThan(0.02);
        Steps(SyntheticSplit.Heldout).ShouldBeLessThan(0.002);
    }

    [Theory]
    [InlineData("train", SyntheticSplit.Train)]
    [InlineData("heldout", SyntheticSplit.Heldout)]
    [InlineData("validation", SyntheticSplit.Validation)]
    [InlineData("crowded", SyntheticSplit.Crowded)]
    [InlineData("textures", SyntheticSplit.Textures)]
    public void A_split_has_its_name_in_lower_case(string name, SyntheticSplit split)
    {
        SyntheticSplits.Name(split).ShouldBe(name);
        SyntheticSplits.Parse(name).ShouldBe(split);
        var scene = new SyntheticScene(1, 2, 64, 64, split);
        var json = JsonSerializer.Serialize(scene, ContractsJson.Options);
        JsonSerializer.Deserialize<SyntheticScene>(json, ContractsJson.Options).ShouldBe(scene);
        json.Contains($"\"split\":\"{name}\"", StringComparison.Ordinal).ShouldBe(split != SyntheticSplit.Heldout);
    }

    [Fact]
    public void A_split_that_does_not_exist_is_refused_with_those_that_do()
    {
        Should.Throw<FormatException>(() => SyntheticSplits.Parse("crowd")).Message.ShouldContain("'crowd' is not a split");
        Should.Throw<FormatException>(() => SyntheticSplits.Parse("Train")).Message.ShouldContain("did you mean 'train'?");
        Should.Throw<FormatException>(() => SyntheticSplits.Parse("test")).Message.ShouldContain("use heldout, train, validation, crowded or textures");
        Should.Throw<ArgumentOutOfRangeException>(() => SyntheticScenes.Describe(new SyntheticScene(1, 0, 64, 64, (SyntheticSplit)5))).Message.ShouldContain("crowded or textures");
    }

    private static string Layout(SceneDescription scene) => string.Join('\n', scene.Objects.Select(thing => thing.Mask.Counts));

    /// <summary>Share of neighbouring background pixels, well away from objects, whose mean brightness steps by more than grain and clouds do.</summary>
    private static double Steps(SyntheticSplit split)
    {
        var (steps, pairs) = (0, 0);
        for (var index = 0; index < 20; index++)
        {
            var scene = SyntheticScenes.Render(new SyntheticScene(2, index, 256, 256, split));
            var isObject = Rle.Union([.. scene.Description.Objects.Select(thing => thing.Mask)]).Decode();
            for (var at = 0; at < isObject.Length - 1; at++)
            {
                if (at % 256 == 255 || isObject[at] == 1 || isObject[at + 1] == 1)
                    continue;
                pairs++;
                if (Math.Abs(Brightness(scene.Rgb, at) - Brightness(scene.Rgb, at + 1)) > 13)
                    steps++;
            }
        }

        return (double)steps / pairs;
    }

    private static double Brightness(byte[] rgb, int at) => (rgb[3 * at] + rgb[3 * at + 1] + rgb[3 * at + 2]) / 3.0;
}
