using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Tests.Synthetic;

public sealed class SyntheticScenesTests
{
    public static TheoryData<int, int> Sizes => new() { { 256, 256 }, { 64, 64 }, { 101, 67 }, { 64, 700 }, { 640, 480 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void An_independent_reader_finds_exactly_the_target_of_every_expression(int width, int height)
    {
        foreach (var (split, index) in Scenes(30))
        {
            var scene = SyntheticScenes.Describe(new SyntheticScene(11, index, width, height, split), SyntheticScenes.MostExpressions);
            var seen = SeenObject.Of(scene);
            foreach (var expression in scene.Expressions)
            {
                ExpressionReader.Meant(expression.Text, seen, 0.99 * Math.Min(width, height) / 16).ShouldBe([expression.Target], $"{split} scene {index}: {expression.Text}");
                expression.Mask.ShouldBe(scene.Objects[expression.Target].Mask);
            }

            scene.Expressions.Select(expression => expression.Text).ShouldBeUnique();
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Objects_are_visible_enough_and_never_share_a_pixel(int width, int height)
    {
        var shorter = Math.Min(width, height);
        foreach (var (split, index) in Scenes(30))
        {
            var objects = SyntheticScenes.Describe(new SyntheticScene(12, index, width, height, split)).Objects;
            var (fewest, most) = split == SyntheticSplit.Crowded ? (7, 9) : (2, 6);
            objects.Count.ShouldBeInRange(fewest, most);
            foreach (var thing in objects)
            {
                thing.Area.ShouldBe((int)thing.Mask.Area);
                thing.Bounds.ShouldBe(thing.Mask.Bounds);
                thing.Area.ShouldBeGreaterThanOrEqualTo((int)(0.6 * thing.FullArea), $"{split} scene {index}");
                thing.Area.ShouldBeGreaterThanOrEqualTo(350 * shorter * shorter / 65536, $"{split} scene {index}");
            }

            Rle.Union([.. objects.Select(thing => thing.Mask)]).Area.ShouldBe(objects.Sum(thing => (long)thing.Area));
        }
    }

    [Fact]
    public void Expressions_of_a_dataset_have_their_kind_in_lower_case()
    {
        var expressions = Enumerable.Range(0, 40).SelectMany(index => SyntheticScenes.Describe(new SyntheticScene(3, index, 256, 256)).Expressions).ToArray();
        expressions.Select(expression => expression.ToExpression(mask: null))
            .ShouldBe(expressions.Select(expression => new Expression(expression.Text, false, null, expression.Kind.ToString().ToLowerInvariant())));
        expressions.Select(expression => expression.ToExpression(mask: null).Kind).Distinct().Order().ShouldBe(["attribute", "relation", "size", "superlative"]);
    }

    [Fact]
    public void Objects_really_hide_each_other()
    {
        var scenes = Enumerable.Range(0, 200).Select(index => SyntheticScenes.Describe(new SyntheticScene(3, index, 256, 256))).ToArray();
        scenes.Count(scene => scene.Objects.Any(thing => thing.Area < thing.FullArea)).ShouldBeGreaterThan(100);
        scenes.Count(scene => scene.Objects.Any(thing => thing.Area < 0.9 * thing.FullArea)).ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Every_kind_of_expression_and_every_look_occurs()
    {
        var scenes = Enumerable.Range(0, 300).Select(index => SyntheticScenes.Describe(new SyntheticScene(5, index, 128, 128))).ToArray();
        foreach (var kind in Enum.GetValues<SceneExpressionKind>())
            scenes.SelectMany(scene => scene.Expressions).Count(expression => expression.Kind == kind).ShouldBeGreaterThan(30, $"{kind}");
        var objects = scenes.SelectMany(scene => scene.Objects).ToArray();
        objects.Select(thing => thing.Shape).Distinct().Count().ShouldBe(6);
        objects.Select(thing => thing.Color).Distinct().Count().ShouldBe(8);
        objects.Select(thing => thing.Texture).Distinct().Count().ShouldBe(3);
        objects.Select(thing => thing.Size).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(0, 0, 64, 64, "82b6df1002170d55")]
    [InlineData(7, 0, 256, 256, "f5b9b259cd5cb13e")]
    [InlineData(7, 1_999_999_999, 200, 131, "8444e638e3192264")]
    [InlineData(-1, 5, 97, 300, "3c3f3e68ee4afd3f")]
    public void A_scene_is_the_same_on_every_machine_for_ever(int seed, int index, int width, int height, string expected)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(seed, index, width, height), SyntheticScenes.MostExpressions);
        var text = string.Join('\n', scene.Expressions.Select(expression => $"{expression.Kind} {expression.Text} {expression.Mask.Counts}"));
        Convert.ToHexStringLower(SHA256.HashData([.. scene.Rgb, .. Encoding.UTF8.GetBytes(text)]))[..16].ShouldBe(expected);
    }

    [Fact]
    public void A_scene_does_not_depend_on_the_ones_before_or_on_whether_it_is_painted()
    {
        var parameters = new SyntheticScene(9, 41, 160, 120);
        var alone = SyntheticScenes.Describe(parameters);
        for (var index = 0; index < 41; index++)
            SyntheticScenes.Render(parameters with { Index = index });
        var after = SyntheticScenes.Render(parameters);
        after.Expressions.ShouldBe(alone.Expressions);
        after.Description.Objects.ShouldBe(alone.Objects);
        after.Rgb.Length.ShouldBe(160 * 120 * 3);
        alone.Expressions.Count.ShouldBe(SyntheticScenes.ExpressionsPerScene);
    }

    [Fact]
    public void Fewer_expressions_are_the_first_of_more()
    {
        for (var index = 0; index < 50; index++)
        {
            var scene = new SyntheticScene(2, index, 128, 128);
            SyntheticScenes.Describe(scene, 4).Expressions.ShouldBe(SyntheticScenes.Describe(scene, 12).Expressions.Take(4));
        }
    }

    [Fact]
    public void Scenes_differ_by_seed_index_and_size()
    {
        var scene = new SyntheticScene(1, 2, 128, 128);
        var others = new[] { scene, scene with { Seed = 2 }, scene with { Index = 3 }, scene with { Seed = 2, Index = 1 }, scene with { Width = 130 }, scene with { Height = 130 } };
        others.Select(other => string.Join('\n', SyntheticScenes.Describe(other).Expressions.Select(expression => expression.Mask.Counts))).ShouldBeUnique();
        others.Select(SyntheticScenes.ContentHash).ShouldBeUnique();
        SyntheticScenes.ContentHash(scene).ShouldBe(SyntheticScenes.ContentHash(scene with { }));
    }

    [Fact]
    public void A_plain_object_has_the_colour_that_its_name_says()
    {
        var hues = new Dictionary<SceneColor, Func<double, double, double, bool>>
        {
            [SceneColor.Red] = (r, g, b) => r > 2.5 * g && r > 2.5 * b,
            [SceneColor.Green] = (r, g, b) => g > 1.8 * r && g > 1.8 * b,
            [SceneColor.Blue] = (r, g, b) => b > 1.8 * r && b > 1.8 * g,
            [SceneColor.Yellow] = (r, g, b) => r > 2 * b && g > 2 * b && g > 0.8 * r,
            [SceneColor.Purple] = (r, g, b) => r > 1.5 * g && b > 1.5 * g,
            [SceneColor.Orange] = (r, g, b) => r > 1.5 * g && g > 1.8 * b,
            [SceneColor.Cyan] = (r, g, b) => g > 1.8 * r && b > 1.8 * r,
            [SceneColor.White] = (r, g, b) => Math.Min(r, Math.Min(g, b)) > 180,
        };
        var seen = new HashSet<SceneColor>();
        for (var index = 0; index < 100; index++)
        {
            var scene = SyntheticScenes.Render(new SyntheticScene(6, index, 256, 256));
            foreach (var thing in scene.Description.Objects.Where(thing => thing.Texture == SceneTexture.Plain))
            {
                var mask = thing.Mask.Decode();
                var pixels = Enumerable.Range(0, mask.Length).Where(at => mask[at] == 1).ToArray();
                hues[thing.Color](pixels.Average(at => scene.Rgb[3 * at]), pixels.Average(at => scene.Rgb[3 * at + 1]), pixels.Average(at => scene.Rgb[3 * at + 2]))
                    .ShouldBeTrue($"scene {index}, {thing.Color}");
                seen.Add(thing.Color);
            }
        }

        seen.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData(63, 64, 0, 3, "64 to 4096")]
    [InlineData(64, 4097, 0, 3, "64 to 4096")]
    [InlineData(64, 64, -1, 3, "scene")]
    [InlineData(64, 64, 0, 0, "1 to 12")]
    [InlineData(64, 64, 0, 13, "1 to 12")]
    public void Impossible_parameters_are_refused(int width, int height, int index, int expressions, string reason) =>
        Should.Throw<ArgumentOutOfRangeException>(() => SyntheticScenes.Describe(new SyntheticScene(1, index, width, height), expressions)).Message.ShouldContain(reason);

    private static IEnumerable<(SyntheticSplit Split, int Index)> Scenes(int count) =>
        Enum.GetValues<SyntheticSplit>().SelectMany(split => Enumerable.Range(0, count).Select(index => (split, index)));
}
