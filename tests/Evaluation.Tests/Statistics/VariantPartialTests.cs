using System.Security.Cryptography;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class VariantPartialTests
{
    /// <summary>Bytes of a tally of no answers: five counts, no times and their sum.</summary>
    private const int NoAnswers = 7;

    private static readonly byte[] Bytes = SweepData.Tally(SweepData.Rows(1, samples: 20)).Partials[1].ToBytes();

    [Fact]
    public void A_partial_survives_its_bytes() => VariantPartial.FromBytes(Bytes).ToBytes().ShouldBe(Bytes);

    [Fact]
    public void A_shard_without_failures_costs_at_most_twelve_kilobytes()
    {
        var bytes = SweepData.Tally(SweepData.Rows(1, samples: 64, failures: 0)).Partials[1].ToBytes();
        bytes.Length.ShouldBeLessThan(12 * 1024);
    }

    [Fact]
    public void Kinds_cost_a_partial_less_than_one_percent()
    {
        var rows = SweepData.Rows(1, samples: 64, failures: 0);
        var without = SweepData.Tally(rows.Select(row => row with { Kind = null })).Partials[1].ToBytes().Length;
        (SweepData.Tally(rows).Partials[1].ToBytes().Length - without).ShouldBeInRange(1, without / 100);
    }

    [Fact]
    public void A_partial_of_the_version_without_kinds_is_read_as_it_was_written()
    {
        var now = SweepData.Tally(SweepData.Rows(1, samples: 20).Select(row => row with { Kind = null })).Partials[1].ToBytes();
        byte[] then = [.. now[..2], 1, .. now[3..^(1 + NoAnswers)]];
        Convert.ToHexStringLower(SHA256.HashData(then)).ShouldBe("a6868a5c9d73310d530daa708cfecf5dc7d842a9bbffa2240cbb033d0b5bc279", "the bytes that version 1 had for these predictions");

        var read = VariantPartial.FromBytes(then);
        read.ToBytes().ShouldBe(now);
        read.Kinds.Sums.ShouldBeEmpty();
    }

    [Fact]
    public void A_partial_of_the_version_without_answers_is_read_as_it_was_written()
    {
        byte[] then = [.. Bytes[..2], 2, .. Bytes[3..^NoAnswers]];

        var read = VariantPartial.FromBytes(then);

        read.ToBytes().ShouldBe(Bytes);
        read.Answers.Answers.ShouldBe(0);
    }

    [Fact]
    public void A_partial_cut_anywhere_is_refused()
    {
        for (var length = 0; length < Bytes.Length; length += 37)
            Should.Throw<InvalidDataException>(() => VariantPartial.FromBytes(Bytes.AsMemory(0, length)), $"{length} bytes");
        Should.Throw<InvalidDataException>(() => VariantPartial.FromBytes((byte[])[.. Bytes, 0]));
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_never_a_crash()
    {
        var random = new Random(1);
        for (var round = 0; round < 1000; round++)
        {
            var damaged = Bytes.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                VariantPartial.FromBytes(damaged).ToBytes().Length.ShouldBeGreaterThan(0);
            }
            catch (Exception refusal) when (refusal is InvalidDataException)
            {
                refusal.Message.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public void Another_version_is_named()
    {
        var later = Bytes.ToArray();
        later[2] = 9;
        Should.Throw<InvalidDataException>(() => VariantPartial.FromBytes(later)).Message.ShouldContain("version 9");
        Should.Throw<InvalidDataException>(() => VariantPartial.FromBytes("{}"u8.ToArray())).Message.ShouldContain("not a variant's partial");
    }
}
