using Pipeline.Contracts.Jobs;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class AnswerDecodingTests(GoldenLisa lisa) : IClassFixture<GoldenLisa>
{
    private static readonly ImageEvidence Evidence = new(5);

    public static TheoryData<string> Variants => new("none", "fastv:layer=1,keep=0.3", "fastv:layer=1,keep=0.3,positions=dense", "pyramiddrop:boundaries=[1],ratios=[0.4]", "uniform:keep=0.25");

    [Theory]
    [MemberData(nameof(Variants))]
    public void Answers_decoded_together_are_those_decoded_alone(string variant)
    {
        using var scope = NewDisposeScope();
        // A token that some of the answers hold early and others late or never: their ends are ragged.
        var free = lisa.Prompts.Select(prompt => Alone(prompt, variant, lisa.Rules)).ToList();
        var end = free.SelectMany(answer => answer.Tokens.Index()).Where(token => token.Item != lisa.Rules.SegToken)
            .GroupBy(token => token.Item).MaxBy(group => group.Max(token => token.Index) - group.Min(token => token.Index))!.Key;
        var rules = lisa.Rules with { EndTokens = [end] };

        using var together = AnswerDecoding.Run(lisa.Network, lisa.Prompts, lisa.Visual, Evidence, Method(variant), rules);

        for (var i = 0; i < together.Answers.Count; i++)
        {
            using var alone = Alone(lisa.Prompts[i], variant, rules);
            var answer = together.Answers[i];
            answer.Tokens.ShouldBe(alone.Tokens);
            answer.Ended.ShouldBe(alone.Ended);
            answer.SegTokens.ShouldBe(alone.SegTokens);
            if (alone.SegStates is { } states)
                Largest(answer.SegStates! - states).ShouldBeLessThan(1e-4);
        }

        together.Answers.Select(answer => answer.Tokens.Count).Distinct().Count().ShouldBeGreaterThan(1, "the ends are not ragged");
        free.ForEach(answer => answer.Dispose());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_states_collected_step_by_step_are_those_of_reading_the_whole_conversation_at_once(string variant)
    {
        using var scope = NewDisposeScope();
        // Not every variant makes it say [SEG]: a token that each does say stands for it.
        using var free = Alone(lisa.Prompt, variant, lisa.Rules);
        var rules = lisa.Rules with { SegToken = free.Tokens.Last(token => !lisa.Prompt.Ids.Contains(token)) };
        using var answer = Alone(lisa.Prompt, variant, rules);
        answer.SegTokens.Count.ShouldBeGreaterThan(0);
        TokenRow[] whole = [new([.. lisa.Prompt.Ids, .. answer.Tokens], lisa.Prompt.LastInstruction)];
        var layout = ImageSplice.Layout(whole, (int)lisa.Visual.shape[1], rules.SegToken);

        using var read = lisa.Network.Read(whole, layout, lisa.Visual, Method(variant), Evidence);

        Largest(answer.SegStates! - read.SegStates()).ShouldBeLessThan(1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void An_answer_that_reaches_the_limit_has_not_ended(int limit)
    {
        using var answer = Alone(lisa.Prompt, "none", lisa.Rules with { EndTokens = [], MaxNewTokens = limit });

        (answer.Tokens.Count, answer.Ended).ShouldBe((limit, false));
    }

    [Fact]
    public void An_end_token_at_the_limit_ends_the_answer()
    {
        using var free = Alone(lisa.Prompt, "none", lisa.Rules);
        var first = free.Tokens[0];

        using var answer = Alone(lisa.Prompt, "none", lisa.Rules with { EndTokens = [99999, first], MaxNewTokens = 1 });

        (answer.Tokens.Single(), answer.Ended).ShouldBe((first, true));
    }

    [Fact]
    public void Prompt_and_answer_have_no_more_tokens_than_the_model_has_positions()
    {
        var prompt = lisa.Prompt.Ids.Count - 1 + (int)lisa.Visual.shape[1];
        using var answer = Alone(lisa.Prompt, "uniform:keep=0.25", lisa.Rules with { EndTokens = [], MaxPositions = prompt + 3 });

        (answer.Tokens.Count, answer.Ended).ShouldBe((3, false));
        Should.Throw<ArgumentException>(() => Alone(lisa.Prompt, "none", lisa.Rules with { MaxPositions = prompt }))
            .Message.ShouldContain($"the prompt has {prompt} tokens with those of the image, and the model {prompt} positions");
    }

    [Fact]
    public void An_answers_mask_is_the_union_of_its_masks_and_empty_without_any()
    {
        using var scope = NewDisposeScope();
        using var several = Alone(lisa.Prompt, "none", lisa.Rules);
        using var none = new GreedyAnswer([7], Ended: true, [], null);
        using var one = new GreedyAnswer([lisa.Rules.SegToken], Ended: true, [0], several.SegStates![0].unsqueeze(0).clone().DetachFromDisposeScope());

        var masks = AnswerMasks.Of(lisa.Network, lisa.Image, [none, several, one]);

        masks[0].Union.ShouldAllBe(pixel => pixel == 0);
        masks[0].Masks.ShouldBeNull();
        var parts = masks[1].Masks!.Select(mask => mask.Decode()).ToList();
        parts.Count.ShouldBe(several.SegTokens.Count);
        masks[1].Union.ShouldBe([.. Enumerable.Range(0, masks[1].Union.Length).Select(pixel => parts.Max(part => part[pixel]))]);
        parts.Select(Convert.ToHexString).Distinct().Count().ShouldBeGreaterThan(1);
        masks[2].Masks.ShouldBeNull();
        masks[2].Union.Zip(parts[0]).Count(pair => pair.First != pair.Second).ShouldBeLessThan(parts[0].Length / 500);
    }

    [Fact]
    public void Nothing_lives_on_after_answers_nor_after_one_that_cannot_be_given()
    {
        var before = GoldenLlama.LiveTensors;
        using (AnswerDecoding.Run(lisa.Network, lisa.Prompts, lisa.Visual, Evidence, Method("none"), lisa.Rules))
            GoldenLlama.LiveTensors.ShouldBeGreaterThan(before);
        Should.Throw<InvalidOperationException>(() => AnswerDecoding.Run(
            lisa.Network, lisa.Prompts, lisa.Visual, Evidence, Method("none"), lisa.Rules with { EndTokens = new Unreadable() }));

        GoldenLlama.LiveTensors.ShouldBe(before);
    }

    private static IPruningMethod Method(string variant) => PruningMethods.Create(VariantSpec.Parse(variant, new ModelCatalog()));

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();

    private GreedyAnswer Alone(TokenRow prompt, string variant, AnswerRules rules)
    {
        var batch = AnswerDecoding.Run(lisa.Network, [prompt], lisa.Visual, Evidence, Method(variant), rules);
        batch.Prompts.Dispose();
        return batch.Answers[0];
    }

    /// <summary>Fails in the middle of decoding.</summary>
    private sealed class Unreadable : List<int>, IReadOnlyCollection<int>, ICollection<int>
    {
        bool ICollection<int>.Contains(int item) => throw new InvalidOperationException("no token is known");
    }
}
