using System.Text;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.Segmentation.Tests.Pruning;

/// <summary>What a user reads who asks for the impossible, in a job file and on a command line.</summary>
public sealed class BadVariantTests
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "fastv:keep=0", "variants[0].keep", "0 is not above 0; use a share above 0 and at most 1" },
        { "fastv:keep=1.5", "variants[0].keep", "1.5 is above 1; use a share above 0 and at most 1" },
        { "fastv:count=577", "variants[0].count", "577 is more than this model's 576 visual tokens; use 1 to 576" },
        { "fastv:layer=40,keep=0.5", "variants[0].layer", "40 is beyond this model's 32 layers; use 1 to 31" },
        { "fastv:layer=8,average=100", "variants[0].average", "100 is out of reach of these settings with this model's 576 visual tokens; use 144.75 to 576" },
        { "kcenter:flops=0.00001", "variants[0].flops", "1E-05 is out of reach of these settings with this model's 576 visual tokens; use 0.001697 to 1" },
        { "pyramiddrop:average=1000", "variants[0].average", "1000 is out of reach of these settings with this model's 576 visual tokens; use 144.75 to 576" },
        { "pyramiddrop:boundaries=16/8/24", "variants[0].boundaries[1]", "8 stands after 16; layers ascend" },
        { "pyramiddrop:boundaries=8/16/32", "variants[0].boundaries[2]", "32 is beyond this model's 32 layers; use 1 to 31" },
        { "pyramiddrop:boundaries=0/16", "variants[0].boundaries[0]", "0 is below 1; use 1 to 31" },
        { "pyramiddrop:boundaries=8/16/24,ratios=0.5/0.25", "variants[0].ratios", "has 2 shares for 3 boundaries (8, 16, 24); give one share for each" },
        { "pyramiddrop:ratios=0.5/0.25/0.3", "variants[0].ratios", "0.3 stands after 0.25; a stage keeps at most what the one before kept" },
        { "pyramiddrop:ratios=0.5/0", "variants[0].ratios[1]", "0 is not above 0; use above 0 to 1" },
        { "pyramiddrop:keep=0.5,flops=0.3", "variants[0]", "gives keep and flops; 'pyramiddrop' takes at most one of them" },
        { "kcenter:keep=0.5,average=100", "variants[0]", "gives keep and average; 'kcenter' needs exactly one of them" },
        { "kcenter", "variants[0]", "gives none of keep, count, average or flops; 'kcenter' needs exactly one" },
        { "pyramiddropp", "variants[0]", "'pyramiddropp' is not a method; did you mean 'pyramiddrop'?" },
        { "pyramiddrop:ratio=0.5", "variants[0].ratio", "is not a setting of 'pyramiddrop'; did you mean 'ratios'?" },
        { "kcenter:keep=0.5,position_weight=-1", "variants[0].position_weight", "-1 is below 0; use 0 to 1000" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_job_file_with_it_has_that_one_fault(string variant, string path, string message)
    {
        var job = $"name: x\ndataset: {{ format: synthetic, count: 1 }}\nmodel: {{ checkpoint: . }}\nvariants: ['{variant}']\n";
        var fault = JobFile.Parse(Encoding.UTF8.GetBytes(job), "job.yaml", AppContext.BaseDirectory, new Catalog()).Faults.ShouldHaveSingleItem();
        (fault.Path, fault.Message).ShouldBe((path, message));
        fault.Line.ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_command_line_with_it_says_the_same(string variant, string path, string message)
    {
        var setting = path.Replace("variants[0]", "", StringComparison.Ordinal).TrimStart('.');
        var exception = Should.Throw<Exception>(() => PruningMethods.Create(VariantSpec.Parse(variant, new Catalog(), Catalog.Vicuna)).Plan(Catalog.Vicuna));
        (exception is InvalidDataException or ArgumentException).ShouldBeTrue();
        exception.Message.ShouldContain($"{setting} {message}".TrimStart());
    }

    [Fact]
    public void Every_value_of_a_grid_is_judged()
    {
        const string Job = "name: x\ndataset: { format: synthetic, count: 1 }\nmodel: { checkpoint: . }\nvariants: [{ method: fastv, layer: 8, average: [100, 200, 900] }]\n";
        JobFile.Parse(Encoding.UTF8.GetBytes(Job), "job.yaml", AppContext.BaseDirectory, new Catalog()).Faults
            .Select(fault => fault.Message.Split(' ')[0]).ShouldBe(["100", "900"]);
    }

    [Theory]
    [InlineData("pyramiddrop")]
    [InlineData("pyramiddrop:boundaries=8/16/24,ratios=0.5/0.25/0.125")]
    [InlineData("pyramiddrop:boundaries=2/4/8,average=128")]
    [InlineData("kcenter:flops=0.35")]
    public void A_right_one_is_taken(string variant)
    {
        var job = $"name: x\ndataset: {{ format: synthetic, count: 1 }}\nmodel: {{ checkpoint: . }}\nvariants: ['{variant}']\n";
        JobFile.Parse(Encoding.UTF8.GetBytes(job), "job.yaml", AppContext.BaseDirectory, new Catalog()).Faults.ShouldBeEmpty();
    }

    /// <summary>The real methods, for a model of LLaVA-1.5's size wherever there is a folder.</summary>
    private sealed class Catalog : IModelCatalog
    {
        public static ModelShape Vicuna { get; } = new()
        {
            Architecture = "lisa",
            Layers = 32,
            HiddenSize = 4096,
            IntermediateSize = 11008,
            Heads = 32,
            KeyValueHeads = 32,
            VocabularySize = 32000,
            GridHeight = 24,
            GridWidth = 24,
        };

        public IReadOnlyList<PruningMethodSchema> Methods => PruningMethods.Schemas;

        public ModelDescription Describe(string checkpoint) => new(Vicuna, new string('0', 64), RandomWeights: true);

        public JobFault? Check(VariantSpec variant, ModelShape model) => new ModelCatalog().Check(variant, model);
    }
}
