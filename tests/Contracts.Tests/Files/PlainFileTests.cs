using Pipeline.Contracts.Files;

namespace Pipeline.Contracts.Tests.Files;

public sealed class PlainFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_and_a_link_to_one_are_read()
    {
        folder.Write("a.txt", "words");
        File.CreateSymbolicLink(folder["link"], folder["a.txt"]);

        PlainFile.Read(folder["a.txt"], 9).ShouldBe("words"u8.ToArray());
        PlainFile.Read(folder["link"], 9).ShouldBe("words"u8.ToArray());
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public void A_device_is_no_file_and_is_not_read(string path)
    {
        PlainFile.Exists(path).ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => PlainFile.Read(path, 9)).Message.ShouldBe($"{path} is a device or a pipe; expected a file");
    }

    [Fact]
    public void A_folder_is_no_file() =>
        Should.Throw<InvalidDataException>(() => PlainFile.Read(folder.Path, 9)).Message.ShouldBe($"{folder.Path} is a folder; expected a file");

    [Fact]
    public void What_is_not_there_is_said_so() =>
        Should.Throw<FileNotFoundException>(() => PlainFile.Read(folder["gone"], 9)).Message.ShouldBe($"{folder["gone"]} does not exist; expected a file");
}
