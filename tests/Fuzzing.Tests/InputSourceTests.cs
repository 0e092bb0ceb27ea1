using Pipeline.Fuzzing.Mutation;
using Pipeline.Fuzzing.Targets;

namespace Pipeline.Fuzzing.Tests;

public sealed class InputSourceTests
{
    public static TheoryData<string> Parsers => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void An_input_can_be_made_again_from_its_number(string parser)
    {
        var (first, second) = (Target(parser), Target(parser));
        var (source, again) = (new InputSource(first, 3), new InputSource(second, 3));

        foreach (var number in (long[])[0, 1, 77, 12_345, 999_999])
            again.Make(number).ShouldBe(source.Make(number));
        (first as IDisposable)?.Dispose();
        (second as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Inputs_differ_by_number_and_by_seed_and_stay_short(string parser)
    {
        var target = Target(parser);
        var (source, other) = (new InputSource(target, 3), new InputSource(target, 4));

        var inputs = Enumerable.Range(1000, 300).SelectMany(number => (byte[][])[source.Make(number), other.Make(number)]).Select(Convert.ToHexString).ToList();

        inputs.Distinct().Count().ShouldBeGreaterThan(450);
        inputs.Max(input => input.Length / 2).ShouldBeLessThan(2 * Mutator.LongestInput);
        (target as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void A_seed_is_accepted_so_that_mutations_begin_behind_the_first_check(string parser)
    {
        var target = Target(parser);
        var source = new InputSource(target, 3);

        var accepted = Enumerable.Range(0, target.Seeds.Count).Count(number => IsAccepted(target, source.Make(number)));

        accepted.ShouldBeGreaterThan(0);
        (target as IDisposable)?.Dispose();
    }

    private static bool IsAccepted(IFuzzTarget target, byte[] input)
    {
        try
        {
            return target.Read(input).IsAccepted;
        }
        catch (Exception fault) when (target.IsRefusal(fault))
        {
            return false;
        }
    }

    private static IFuzzTarget Target(string parser) => (IFuzzTarget)Activator.CreateInstance(FuzzTargets.Named(parser))!;
}
