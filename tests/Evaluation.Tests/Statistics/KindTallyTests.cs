using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class KindTallyTests
{
    [Fact]
    public void Every_kind_has_the_sums_of_its_own_measured_predictions()
    {
        var rows = SweepData.Rows(6, samples: 40);
        var kinds = SweepData.Tally(rows).Partials[1].Kinds.Sums;

        kinds.Keys.ShouldBe(["relation", "size"]);
        foreach (var (kind, sums) in kinds)
        {
            var overlaps = rows.Where(row => row.Kind == kind).Select(row => row.Measurements[1].Overlap).OfType<MaskOverlap>().ToArray();
            overlaps.Length.ShouldBeInRange(1, 39);
            sums.Measured.ShouldBe(overlaps.Length);
            sums.Intersection.ShouldBe(overlaps.Sum(overlap => overlap.Intersection));
            sums.Union.ShouldBe(overlaps.Sum(overlap => overlap.Union));
            sums.Giou!.Value.ShouldBe(overlaps.Average(overlap => overlap.GiouTerm), 1e-9);
            sums.Ciou!.Value.ShouldBe((double)sums.Intersection / sums.Union, 1e-12);
        }
    }

    [Fact]
    public void A_kind_of_which_nothing_was_measured_is_not_there()
    {
        var tally = new SweepTally(2, 0);
        tally.Add("a", [Measurement.Failure, Measured], "size");
        tally.Add("a", [new Measurement(), Measured], "relation");

        tally.Partials[0].Kinds.Sums.ShouldBeEmpty();
        tally.Partials[1].Kinds.Sums.Keys.ShouldBe(["relation", "size"]);
    }

    [Fact]
    public void Names_of_kinds_survive_their_bytes_whatever_the_script()
    {
        string[] kinds = ["größe", "位置", "🟥", new('x', KindTally.LongestKind), new('界', KindTally.LongestKind)];
        var tally = new SweepTally(1, 0);
        foreach (var kind in kinds)
            tally.Add("a", [Measured], kind);

        VariantPartial.FromBytes(tally.Partials[0].ToBytes()).Kinds.Sums.Keys.ShouldBe(kinds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Too_many_kinds_and_too_long_ones_are_refused()
    {
        var tally = new SweepTally(1, 0);
        for (var kind = 0; kind < KindTally.MostKinds; kind++)
            tally.Add("a", [Measured], $"kind {kind}");
        tally.Add("a", [Measured], "kind 0");

        VariantPartial.FromBytes(tally.Partials[0].ToBytes()).Kinds.Sums.Count.ShouldBe(KindTally.MostKinds);
        Should.Throw<ArgumentException>(() => tally.Add("a", [Measured], "another")).Message.ShouldContain("'another' is one kind of expression too many; 32");
        Should.Throw<ArgumentException>(() => new SweepTally(1, 0).Add("a", [Measured], new string('x', 41))).Message.ShouldContain("1 to 40 characters");
    }

    private static Measurement Measured { get; } = new() { Overlap = new MaskOverlap(3, 4) };
}
