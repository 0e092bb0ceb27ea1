using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Orchestrator.Planning;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Planning;

public sealed class DatasetReadersTests
{
    [Theory]
    [InlineData(SyntheticSplit.Heldout, 3)]
    [InlineData(SyntheticSplit.Train, 1)]
    [InlineData(SyntheticSplit.Crowded, 12)]
    public async Task Synthetic_samples_are_of_the_split_and_have_the_expressions_that_the_job_says(SyntheticSplit split, int expressions)
    {
        var dataset = new DatasetSpec("synthetic") { Count = 3, Seed = 5, Size = 64, Split = SyntheticSplits.Name(split), Expressions = expressions };
        var samples = await DatasetReaders.ReadAsync(dataset, DataRoots.Everywhere, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        samples.Select(sample => sample.Image.Synthetic).ShouldBe(Enumerable.Range(0, 3).Select(index => new SyntheticScene(5, index, 64, 64, split)));
        foreach (var sample in samples)
        {
            sample.ContentHash.ShouldBe(SyntheticScenes.ContentHash(sample.Image.Synthetic!));
            sample.Expressions.ShouldBe(SyntheticScenes.Describe(sample.Image.Synthetic!, expressions).Expressions.Select(expression => expression.ToExpression(mask: null)));
        }
    }

    [Fact]
    public async Task Every_format_that_a_job_may_name_has_its_reader()
    {
        using var folder = new TemporaryFolder();
        foreach (var format in DatasetSpec.Formats)
        {
            var dataset = new DatasetSpec(format) { Path = Path.Combine(folder.Path, "gone"), Images = folder.Path, Set = "refcoco", SplitBy = "unc" };
            var fault = await Record.ExceptionAsync(async () => await Read(dataset));
            (fault?.Message ?? "").ShouldNotContain("is not a dataset format", customMessage: format);
        }

        (await Should.ThrowAsync<InvalidDataException>(() => Read(new DatasetSpec("cocoo")))).Message.ShouldBe("dataset.format: 'cocoo' is not a dataset format; did you mean 'coco'?");

        static async Task<List<Sample>> Read(DatasetSpec dataset) =>
            await DatasetReaders.ReadAsync(dataset, DataRoots.Everywhere, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }
}
