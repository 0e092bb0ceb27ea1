using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using TorchSharp;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaModelTests(TinyLisa tiny) : IClassFixture<TinyLisa>
{
    private readonly LisaModel model = tiny.Model;

    [Fact]
    public void Masks_have_the_images_size_and_are_neither_empty_nor_full()
    {
        var shares = new List<double>();
        for (var seed = 0; seed < 8; seed++)
        {
            using var image = model.Encode(TinyLisa.Image(seed, 120 + (10 * seed), 150));
            foreach (var answer in model.Segment(image, TinyLisa.Expressions, Method("none")))
            {
                answer.Mask.Length.ShouldBe(answer.Height * answer.Width);
                (answer.Height, answer.Width).ShouldBe((150, 120 + (10 * seed)));
                answer.Mask.ShouldAllBe(value => value <= 1);
                shares.Add(answer.Mask.Average(value => (double)value));
            }
        }

        shares.Count(share => share is > 0.02 and < 0.98).ShouldBeGreaterThan(shares.Count * 3 / 4, string.Join(" ", shares.Select(share => $"{share:f2}")));
    }

    [Fact]
    public void Expressions_in_one_batch_are_answered_as_each_alone()
    {
        using var image = model.Encode(TinyLisa.Image(3, 200, 140));
        foreach (var method in (IPruningMethod[])[Method("none"), Method("fastv", ("layer", 2), ("keep", 0.25))])
        {
            var together = model.Segment(image, TinyLisa.Expressions, method);

            for (var i = 0; i < together.Count; i++)
            {
                var alone = model.Segment(image, [TinyLisa.Expressions[i]], method)[0];
                alone.Tokens.ShouldBe(together[i].Tokens);
                alone.Mask.Zip(together[i].Mask).Count(pair => pair.First != pair.Second).ShouldBeLessThan(alone.Mask.Length / 500);
            }
        }
    }

    [Fact]
    public void An_expression_longer_than_the_model_reads_is_refused_with_both_numbers()
    {
        using var image = model.Encode(TinyLisa.Image(3, 100, 100));
        // A letter that the tiny vocabulary lacks becomes its two bytes, a token each.
        static Expression Of(int letters) => new(new string('ж', letters), false, null);
        string Refusal(int letters) => Should.Throw<ArgumentException>(() => model.Segment(image, [TinyLisa.Expressions[0], Of(letters)], Method("none"))).Message;

        var message = Regex.Match(Refusal(2000), "^an expression of 2000 characters makes a prompt of ([0-9]+) tokens, 256 of them visual; the model reads 2048 \\(max_position_embeddings\\), so shorten it by at least ([0-9]+) tokens");
        var (tokens, beyond) = (int.Parse(message.Groups[1].Value), int.Parse(message.Groups[2].Value));
        var longest = 2000 - ((beyond + 1) / 2);

        (tokens - beyond).ShouldBe(2048);
        model.Segment(image, [Of(longest)], Method("none"))[0].Tokens[0].ShouldBeInRange(2047, 2048);
        Refusal(longest + 1).ShouldContain("the model reads 2048");
    }

    [Fact]
    public void The_same_image_twice_gives_the_same_bits()
    {
        using var first = model.Encode(TinyLisa.Image(5, 97, 143));
        using var second = model.Encode(TinyLisa.Image(5, 97, 143));
        var method = Method("random", ("keep", 0.25), ("seed", 1));

        var one = model.Segment(first, TinyLisa.Expressions, method);
        var two = model.Segment(second, TinyLisa.Expressions, method);

        one.Select(answer => answer.Mask).ShouldBe(two.Select(answer => answer.Mask));
    }

    [Fact]
    public void Pruning_changes_masks_and_shortens_the_later_layers()
    {
        using var image = model.Encode(TinyLisa.Image(7, 160, 160));
        var full = model.Segment(image, TinyLisa.Expressions, Method("none"));

        var pruned = model.Segment(image, TinyLisa.Expressions, Method("fastv", ("layer", 2), ("keep", 0.1)));

        full[0].VisualTokens.ShouldBe([256, 256, 256, 256]);
        pruned[0].VisualTokens.ShouldBe([256, 256, 26, 26]);
        pruned[0].Tokens[3].ShouldBe(full[0].Tokens[3] - 256 + 26);
        full.Zip(pruned).Any(pair => !pair.First.Mask.SequenceEqual(pair.Second.Mask)).ShouldBeTrue();
    }

    [Fact]
    public void Different_images_and_expressions_give_different_masks()
    {
        using var one = model.Encode(TinyLisa.Image(1, 100, 100));
        using var two = model.Encode(TinyLisa.Image(2, 100, 100));

        var first = model.Segment(one, TinyLisa.Expressions, Method("none"));
        var second = model.Segment(two, TinyLisa.Expressions, Method("none"));

        first[0].Mask.ShouldNotBe(second[0].Mask);
        first[0].Mask.ShouldNotBe(first[1].Mask);
    }

    [Fact]
    public void Every_tensor_of_the_checkpoint_is_used() => model.UnusedTensors.ShouldBeEmpty();

    [Fact]
    public void Nothing_lives_on_after_a_sample()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var seed = 0; seed < 3; seed++)
        {
            using var image = model.Encode(TinyLisa.Image(seed, 80, 60));
            model.Segment(image, TinyLisa.Expressions, Method("fastv", ("layer", 2), ("keep", 0.5)));
        }

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Theory]
    [InlineData("the <image> of a dog")]
    [InlineData("[SEG] again")]
    public void An_expression_with_a_token_of_the_template_is_refused(string text)
    {
        using var image = model.Encode(TinyLisa.Image(1, 50, 50));

        Should.Throw<ArgumentException>(() => model.Segment(image, [new Expression(text, false, null)], Method("none"))).Message.ShouldContain(text);
    }

    private static IPruningMethod Method(string name, params (string Name, double Value)[] settings) => PruningMethods.Create(
        new VariantSpec(name, name, settings.ToDictionary(setting => setting.Name, setting => (JsonNode)Number(setting.Value)), ""));

    private static JsonValue Number(double value) => value == Math.Floor(value) ? JsonValue.Create((int)value) : JsonValue.Create(value);
}
