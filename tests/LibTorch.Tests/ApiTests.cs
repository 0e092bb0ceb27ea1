using TorchSharp;

namespace Pipeline.LibTorch.Tests;

public sealed class ApiTests
{
    private static readonly string[] Files = ["torchsharp-api.txt", "torchsharp-modules-utils.txt"];

    [Fact]
    public void Every_public_member_is_one_of_TorchSharps_with_the_same_signature_and_defaults()
    {
        var known = Files.Select(Read).SelectMany(types => types).ToDictionary(type => type.Key, type => type.Value);
        var strangers = new List<string>();
        foreach (var type in typeof(torch).Assembly.GetExportedTypes())
        {
            var header = Signatures.OfType(type);
            if (Signatures.OnlyHoldsTypes(type))
            {
                continue;
            }

            if (!known.TryGetValue(header, out var members))
            {
                strangers.Add($"type not in the list: {header}");
                continue;
            }

            strangers.AddRange(Signatures.OfMembers(type).Where(member => !members.Contains(member)).Select(member => $"{header}: {member}"));
        }

        strangers.ShouldBeEmpty("TorchSharp has no such member, so model code that uses it would not compile against it");
    }

    [Fact]
    public void What_TorchSharp_does_otherwise_than_it_says_is_not_offered() =>
        typeof(torch).GetMembers().Concat(typeof(torch.Tensor).GetMembers()).Select(member => member.Name)
            .ShouldNotContain("baddbmm", "TorchSharp 0.107 hands its arguments on in another order");

    [Fact]
    public void The_list_is_read_whole()
    {
        var types = Read(Files[0]);
        types.Count.ShouldBeGreaterThan(90);
        types["class TorchSharp.torch.Tensor"].Count.ShouldBeGreaterThan(700);
    }

    [Fact]
    public void Signatures_are_printed_as_in_the_list()
    {
        Signatures.OfType(typeof(SpecimenException)).ShouldBe("abstract class Pipeline.LibTorch.Tests.ApiTests.SpecimenException : Exception");
        Signatures.OfMembers(typeof(SpecimenException)).ShouldBe(
            [
                "(Tensor, long)? Pair(params long[] sizes)",
                "static ValueTuple<T, T> Twice<T>(T value, out ReadOnlySpan<int> rest)",
                "double Get(UInt64 seed, ScalarType? type = null, Padding mode = 1, double p = 1E-05, string text = \"ij\")",
                "string this[int i, long j] { get; set; }",
                "bool Hidden { get; }",
                "static Half Field",
                "static float Constant = 0.5",
            ],
            ignoreOrder: true);
    }

    private static Dictionary<string, HashSet<string>> Read(string file)
    {
        var types = new Dictionary<string, HashSet<string>>();
        HashSet<string> members = [];
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Where(line => !line.StartsWith('#')))
        {
            if (line.StartsWith(' '))
            {
                members.Add(line.Trim());
            }
            else
            {
                types.Add(line.Trim(), members = []);
            }
        }

        return types;
    }

    public enum Padding
    {
        Valid,
        Same,
    }

    public abstract class SpecimenException : Exception
    {
        public const float Constant = 0.5f;
        public static readonly Half Field = Half.One;

        public bool Hidden { get; internal set; }

        public abstract string this[int i, long j] { get; set; }

        public static (T First, T Second) Twice<T>(T value, out ReadOnlySpan<int> rest)
        {
            rest = default;
            return (value, value);
        }

        public abstract (torch.Tensor Values, long Count)? Pair(params long[] sizes);

        public abstract double Get(ulong seed, torch.ScalarType? type = null, Padding mode = Padding.Same, double p = 1e-5, string text = "ij");
    }
}
