using Pipeline.Contracts.Artifacts;

namespace Pipeline.Contracts.Tests.Artifacts;

public sealed class ArtifactNamesTests
{
    private static readonly Guid Job = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".incoming/x")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("C:/x")]
    [InlineData("ä")]
    public void A_name_that_could_leave_the_store_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => ArtifactNames.Validate(name));

    [Fact]
    public void A_name_longer_than_a_file_system_bears_is_refused()
    {
        Should.Throw<ArgumentException>(() => ArtifactNames.Validate(new string('a', 129)));
        Should.Throw<ArgumentException>(() => ArtifactNames.Validate(string.Join('/', Enumerable.Repeat("abcdefgh", 60))));
    }

    [Fact]
    public void Every_name_made_here_is_valid_whatever_the_sample_is_called()
    {
        string[] samples = ["plain-1.x", "../../etc/passwd", "a b/c", ".hidden", "", new('x', 500), "näme"];
        foreach (var sample in samples)
        {
            ArtifactNames.Validate(ArtifactNames.Overlay(Job, sample, "jpg"));
            ArtifactNames.Validate(ArtifactNames.Mask(Job, 3, sample, 1));
        }

        ArtifactNames.Validate(ArtifactNames.Job(Job));
        ArtifactNames.Validate(ArtifactNames.Report(Job, "report.html"));
        ArtifactNames.Validate(ArtifactNames.Slice(Job, 12)).ShouldBe("jobs/11111111-2222-3333-4444-555555555555/slices/0000012.jsonl");
        ArtifactNames.Validate(ArtifactNames.Result(Job, 12, 2, new string('a', 64)))
            .ShouldBe("jobs/11111111-2222-3333-4444-555555555555/results/0000012-2-aaaaaaaaaaaaaaaa.jsonl.gz");
    }

    [Fact]
    public void Pictures_are_told_from_all_else()
    {
        ArtifactNames.IsPicture(Job, ArtifactNames.Overlay(Job, "a", "jpg")).ShouldBeTrue();
        ArtifactNames.IsPicture(Job, ArtifactNames.Mask(Job, 1, "a", 0)).ShouldBeTrue();
        ArtifactNames.IsPicture(Job, ArtifactNames.Mask(Guid.NewGuid(), 1, "a", 0)).ShouldBeFalse();
        ArtifactNames.IsPicture(Job, ArtifactNames.Job(Job)).ShouldBeFalse();
        ArtifactNames.IsPicture(Job, ArtifactNames.Slice(Job, 0)).ShouldBeFalse();
    }

    [Fact]
    public void Two_samples_whose_ids_differ_only_in_forbidden_characters_do_not_share_a_name() =>
        ArtifactNames.Overlay(Job, "a/b", "jpg").ShouldNotBe(ArtifactNames.Overlay(Job, "a b", "jpg"));
}
