using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void The_interval_is_as_wide_as_theory_says_for_independent_samples()
    {
        var random = new Random(11);
        const int Samples = 800, Union = 1_000_000;
        var differences = new List<double>();
        var tally = new SweepTally(2, 0);
        for (var i = 0; i < Samples; i++)
        {
            double truth = 0.2 + 0.6 * random.NextDouble(), difference = 0.1 * random.NextDouble() - 0.08;
            differences.Add(difference);
            tally.Add($"{i}", [Measured(truth, Union), Measured(truth + difference, Union)]);
        }

        var mean = differences.Average();
        var error = Math.Sqrt(differences.Average(difference => Math.Pow(difference - mean, 2)) / Samples);
        var estimate = PairedBootstrap.GiouDifference(tally.Partials[1], tally.Partials[0])!;
        estimate.Value.ShouldBe(mean, 1e-5);
        estimate.Low.ShouldBe(mean - 1.96 * error, 0.4 * error);
        estimate.High.ShouldBe(mean + 1.96 * error, 0.4 * error);
        var alone = PairedBootstrap.Giou(tally.Partials[1])!;
        (alone.High - alone.Low).ShouldBeGreaterThan(4 * (estimate.High - estimate.Low), "pairing must remove what the variants share");
        var pixels = PairedBootstrap.CiouDifference(tally.Partials[1], tally.Partials[0])!;
        pixels.Value.ShouldBe(mean, 1e-5, "all unions are equal");
        pixels.Low.ShouldBeInRange(mean - 3 * error, mean - 1 * error);
    }

    [Fact]
    public void Expressions_of_one_image_are_drawn_together()
    {
        var random = new Random(12);
        SweepTally apart = new(1, 0), together = new(1, 0);
        for (var i = 0; i < 300; i++)
        {
            var iou = random.NextDouble();
            for (var copy = 0; copy < 4; copy++)
            {
                apart.Add($"{i}/{copy}", [Measured(iou, 1000)]);
                together.Add($"{i}", [Measured(iou, 1000)]);
            }
        }

        Estimate narrow = PairedBootstrap.Giou(apart.Partials[0])!, wide = PairedBootstrap.Giou(together.Partials[0])!;
        narrow.Value.ShouldBe(wide.Value);
        ((wide.High - wide.Low) / (narrow.High - narrow.Low)).ShouldBe(2, 0.5, "four copies of an image are one draw, not four");
    }

    [Fact]
    public void Only_expressions_that_both_variants_measured_are_compared()
    {
        var rows = SweepData.Rows(21, samples: 100, failures: 0.2);
        var partials = SweepData.Tally(rows).Partials;
        var pairs = rows.Select(row => (Variant: row.Measurements[1].Overlap, Reference: row.Measurements[0].Overlap))
            .Where(pair => pair is { Variant: not null, Reference: not null }).ToArray();
        pairs.Length.ShouldBeLessThan((int)partials[1].Tally.Measured);
        PairedBootstrap.GiouDifference(partials[1], partials[0])!.Value
            .ShouldBe(pairs.Average(pair => pair.Variant!.GiouTerm) - pairs.Average(pair => pair.Reference!.GiouTerm), 1e-8);
        PairedBootstrap.CiouDifference(partials[1], partials[0])!.Value.ShouldBe(
            (double)pairs.Sum(pair => pair.Variant!.Intersection) / pairs.Sum(pair => pair.Variant!.Union)
            - (double)pairs.Sum(pair => pair.Reference!.Intersection) / pairs.Sum(pair => pair.Reference!.Union), 1e-10);
    }

    [Fact]
    public void A_variant_that_fails_elsewhere_but_predicts_the_same_differs_by_exactly_nothing()
    {
        var tally = new SweepTally(2, 0);
        for (var i = 0; i < 50; i++)
        {
            var measured = Measured(i / 50.0, 777);
            tally.Add($"{i}", [i % 7 == 0 ? Measurement.Failure : measured, i % 5 == 0 ? Measurement.Failure : measured]);
        }

        PairedBootstrap.GiouDifference(tally.Partials[1], tally.Partials[0]).ShouldBe(new Estimate(0, 0, 0));
        PairedBootstrap.CiouDifference(tally.Partials[1], tally.Partials[0]).ShouldBe(new Estimate(0, 0, 0));
    }

    [Fact]
    public void The_value_is_the_tallys()
    {
        var partial = SweepData.Tally(SweepData.Rows(4, samples: 30)).Partials[1];
        PairedBootstrap.Giou(partial)!.Value.ShouldBe(partial.Tally.Giou!.Value);
        PairedBootstrap.Ciou(partial)!.Value.ShouldBe(partial.Tally.Ciou!.Value);
    }

    [Fact]
    public void Partials_of_different_shards_are_not_compared()
    {
        var rows = SweepData.Rows(4, samples: 30);
        Should.Throw<ArgumentException>(() => PairedBootstrap.GiouDifference(SweepData.Tally(rows).Partials[1], SweepData.Tally(rows[..30]).Partials[0]))
            .Message.ShouldContain("different shards");
        var whole = SweepData.Rows(4, samples: 30, failures: 0);
        Should.Throw<ArgumentException>(() => PairedBootstrap.GiouBetween(SweepData.Tally(whole).Partials[1], SweepData.Tally(whole[..30]).Partials[2]))
            .Message.ShouldContain("different shards");
    }

    [Fact]
    public void Two_variants_are_compared_as_if_one_of_them_were_the_reference()
    {
        var rows = SweepData.Rows(31, samples: 60, failures: 0);
        var partials = SweepData.Tally(rows).Partials;
        var swapped = new SweepTally(SweepData.Variants, reference: 2);
        foreach (var row in rows)
            swapped.Add(row.Sample, row.Measurements);

        PairedBootstrap.GiouBetween(partials[1], partials[2]).ShouldBe(PairedBootstrap.GiouDifference(swapped.Partials[1], swapped.Partials[2]).ShouldNotBeNull());
        PairedBootstrap.CiouBetween(partials[1], partials[2]).ShouldBe(PairedBootstrap.CiouDifference(swapped.Partials[1], swapped.Partials[2]).ShouldNotBeNull());
    }

    [Fact]
    public void Two_variants_that_may_have_measured_different_expressions_are_not_compared()
    {
        var partials = SweepData.Tally(SweepData.Rows(32, samples: 60, failures: 0.05)).Partials;
        partials[1].MeasuredAsReference.ShouldBeFalse();

        PairedBootstrap.GiouBetween(partials[1], partials[2]).ShouldBeNull();
        PairedBootstrap.CiouBetween(partials[1], partials[2]).ShouldBeNull();
    }

    [Fact]
    public void Nothing_measured_gives_no_estimate()
    {
        var partials = SweepData.Tally([]).Partials;
        PairedBootstrap.Giou(partials[0]).ShouldBeNull();
        PairedBootstrap.GiouDifference(partials[1], partials[0]).ShouldBeNull();
    }

    private static Measurement Measured(double iou, int union) => new() { Overlap = new MaskOverlap((long)(iou * union), union) };
}
