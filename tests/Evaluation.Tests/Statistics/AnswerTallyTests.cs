using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class AnswerTallyTests
{
    private static readonly AnswerMeasurement[] Said = [new(0, 5, false, 8), new(1, 3, false, 4), new(1, 1, true, 0), new(3, 11, true, 20)];

    [Fact]
    public void Answers_are_counted_by_their_masks_and_their_pace_leaves_out_first_tokens()
    {
        var answers = Tally(Said).Answers;

        (answers.Answers, answers.WithoutMask, answers.WithOneMask, answers.WithSeveralMasks, answers.Truncated).ShouldBe((4, 1, 2, 1, 2));
        answers.MeanTokens.ShouldBe(5);
        answers.TokensPerSecond!.Value.ShouldBe((20 - 4) / 0.032, 1e-6);
    }

    [Fact]
    public void Tallies_merge_in_any_order_to_the_same_bytes()
    {
        var whole = Tally(Said).ToBytes();
        foreach (var cut in (int[])[1, 2, 3])
        {
            var (left, right) = (Tally(Said[..cut]), Tally(Said[cut..]));
            var merged = VariantPartial.FromBytes(right.ToBytes());
            merged.Merge(VariantPartial.FromBytes(left.ToBytes()));
            merged.ToBytes().ShouldBe(whole);
        }
    }

    [Fact]
    public void Forced_and_failed_predictions_are_no_answers()
    {
        var sweep = new SweepTally(1, 0);
        sweep.Add("a", [new Measurement()]);
        sweep.Add("b", [Measurement.Failure]);

        var answers = sweep.Partials[0].Answers;
        (answers.Answers, answers.MeanTokens, answers.TokensPerSecond).ShouldBe((0, null, null));
    }

    [Fact]
    public void Answers_of_a_single_token_have_no_pace() => Tally([new(1, 1, true, 0), new(0, 1, false, 0)]).Answers.TokensPerSecond.ShouldBeNull();

    private static VariantPartial Tally(IEnumerable<AnswerMeasurement> answers)
    {
        var sweep = new SweepTally(1, 0);
        foreach (var answer in answers)
            sweep.Add("sample", [new Measurement { Answer = answer }]);
        return sweep.Partials[0];
    }
}
