using Pipeline.Contracts.Files;

namespace Pipeline.Contracts.Tests.Files;

public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_behind_links_has_its_own_length_and_time_not_the_links()
    {
        var path = folder.Write("a.txt", "words");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.CreateSymbolicLink(folder["link"], "a.txt");
        File.CreateSymbolicLink(folder["second"], folder["link"]);

        FileStamp.Of(path).ShouldBe(new FileStamp(5, 1_577_934_245_000_000_000));
        FileStamp.Of(folder["second"]).ShouldBe(FileStamp.Of(path));
    }

    [Fact]
    public void A_link_that_is_turned_to_another_file_has_another_stamp()
    {
        File.SetLastWriteTimeUtc(folder.Write("a.txt", "words"), DateTime.UnixEpoch);
        folder.Write("b.txt", "other");
        File.CreateSymbolicLink(folder["link"], "a.txt");
        var before = FileStamp.Of(folder["link"]);
        File.Delete(folder["link"]);
        File.CreateSymbolicLink(folder["link"], "b.txt");

        FileStamp.Of(folder["link"]).ShouldNotBe(before);
    }

    [Fact]
    public void What_is_no_file_has_none()
    {
        File.CreateSymbolicLink(folder["nowhere"], "gone");

        FileStamp.Of(folder["gone"]).ShouldBeNull();
        FileStamp.Of(folder["nowhere"]).ShouldBeNull();
        FileStamp.Of(folder.Path).ShouldBeNull();
        FileStamp.Of("/dev/zero").ShouldBeNull();
    }
}
