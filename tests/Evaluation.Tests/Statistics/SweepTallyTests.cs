using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class SweepTallyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Shards_of_any_size_in_any_order_give_the_same_partials_bit_for_bit(int seed)
    {
        var rows = SweepData.Rows(seed, samples: 60);
        var whole = SweepData.Tally(rows).Partials;
        var random = new Random(seed);
        foreach (var size in new[] { 1, 7, 64 })
        {
            var shards = rows.Chunk(size).ToArray();
            random.Shuffle(shards);
            var merged = Enumerable.Range(0, SweepData.Variants).Select(_ => new VariantPartial()).ToArray();
            foreach (var shard in shards)
                foreach (var (variant, partial) in SweepData.Tally(shard).Partials.Index())
                    merged[variant].Merge(VariantPartial.FromBytes(partial.ToBytes()));
            for (var variant = 0; variant < SweepData.Variants; variant++)
                merged[variant].ToBytes().ShouldBe(whole[variant].ToBytes(), $"shards of {size}, variant {variant}");
        }
    }

    [Fact]
    public void A_tally_is_what_the_predictions_say()
    {
        var rows = SweepData.Rows(5, samples: 40);
        var measurements = rows.Select(row => row.Measurements[2]).ToArray();
        var good = measurements.Where(measurement => !measurement.Failed).ToArray();
        var overlaps = good.Select(measurement => measurement.Overlap).OfType<MaskOverlap>().ToArray();
        var tally = SweepData.Tally(rows).Partials[2].Tally;
        tally.Predictions.ShouldBe(120);
        tally.Failures.ShouldBe(120 - good.Length);
        tally.Measured.ShouldBe(overlaps.Length);
        tally.Measured.ShouldBeLessThan(good.Length);
        tally.Giou!.Value.ShouldBe(overlaps.Average(overlap => overlap.GiouTerm), 1e-9);
        tally.Ciou!.Value.ShouldBe((double)overlaps.Sum(overlap => overlap.Intersection) / overlaps.Sum(overlap => overlap.Union), 1e-12);
        tally.MeanVisualTokens.ShouldBe([256, 64]);
        tally.MeanTflops!.Value.ShouldBe(good.Average(measurement => measurement.Tflops), 1e-12);
        tally.IouHistogram.Sum().ShouldBe(overlaps.Length);
        tally.IouHistogram.Skip(50).Sum().ShouldBe(overlaps.Count(overlap => overlap.Intersection >= 0.5 * overlap.Union));
        tally.LlmTime.Count.ShouldBe(good.Length);
        tally.LlmTime.Mean!.Value.ShouldBe(good.Average(measurement => measurement.LlmMilliseconds), 1e-6);
        tally.TotalTime.Mean!.Value.ShouldBe(good.Average(measurement => measurement.TotalMilliseconds), 1e-6);
    }

    [Fact]
    public void Nothing_measured_has_no_numbers_rather_than_zeros()
    {
        var tally = SweepData.Tally([new("a", [Measurement.Failure, Measurement.Failure, Measurement.Failure], null)]).Partials[0].Tally;
        tally.Predictions.ShouldBe(1);
        tally.Giou.ShouldBeNull();
        tally.Ciou.ShouldBeNull();
        tally.MeanTflops.ShouldBeNull();
        tally.LlmTime.Quantile(0.5).ShouldBeNull();
        tally.MeanVisualTokens.ShouldBeEmpty();
    }

    [Fact]
    public void A_row_without_one_measurement_per_variant_is_refused() =>
        Should.Throw<ArgumentException>(() => new SweepTally(2, 0).Add("a", [Measurement.Failure])).Message.ShouldContain("2 variants");
}
