using System.Text.Json;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Tests.Manifests;

public sealed class ImageUrlTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";

    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_image_may_lie_at_an_address_with_or_without_its_hash_and_nobody_is_asked()
    {
        var samples = await ReadAsync(
            ImageUrls.Allow,
            Line("\"image\":\"https://nobody.invalid/a.png?sig=1\""),
            Line($"\"image\":\"HTTP://nobody.invalid:8080/b.jpg\",\"sha256\":\"{Hash}\"", "b"));

        samples[0].Image.ShouldBe(new ImageSource { Url = "https://nobody.invalid/a.png?sig=1" });
        samples[0].ContentHash.ShouldBeNull();
        samples[1].Image.Url.ShouldBe("HTTP://nobody.invalid:8080/b.jpg");
        samples[1].ContentHash.ShouldBe(Hash.ToLowerInvariant());
    }

    [Fact]
    public async Task Files_may_stand_beside_addresses() =>
        (await ReadAsync(ImageUrls.Allow, Line("\"image\":\"a.png\""), Line("\"image\":\"https://host/a.png\"", "b")))[0].Image.Path.ShouldBe(folder["a.png"]);

    [Theory]
    [InlineData("\"image\":\"http://user:secret@host/a.png\"", "image: 'http://host/a.png' names a user; images are fetched without credentials")]
    [InlineData("\"image\":\"http:///a.png\"", "image: 'an address that cannot be read' is no address; expected http://HOST/PATH or https://HOST/PATH")]
    [InlineData("\"image\":\"http://host/a b.png\"", "contains white space; write %20")]
    [InlineData("\"image\":\"ftp://host/a.png\"", "is an address; use a file or folder")]
    [InlineData("\"image\":\"file:///etc/passwd\"", "is an address; use a file or folder")]
    [InlineData("\"image\":\"//host/a.png\"", "is an address; use a file or folder")]
    [InlineData("\"image\":\"data:image/png;base64,AAAA\"", "is an address; use a file or folder")]
    [InlineData("\"image\":\"http://host/a.png\",\"sha256\":\"abc\"", "sha256: expected the SHA-256 of the image's bytes: 64 hexadecimal digits")]
    [InlineData("\"image\":\"http://host/a.png\",\"sha256\":7", "sha256: expected text, found the number 7")]
    [InlineData("\"image\":\"a.png\",\"sha256\":\"abc\"", "sha256: belongs to an image at an address; a file is hashed when the job is planned")]
    public async Task What_is_no_plain_address_is_a_fault_of_its_line(string image, string expected)
    {
        var fault = await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(ImageUrls.Allow, Line(image)));

        fault.Message.ShouldStartWith("set.jsonl:1 ");
        fault.Message.ShouldContain(expected);
        fault.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("\"image\":\"http://host/a.png?sig=secret\"")]
    [InlineData("\"image\":\"http://host/a.png?sig=secret\",\"sha256\":\"x\"")]
    public async Task A_job_that_does_not_allow_it_is_told_how(string image) =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(ImageUrls.Refuse, Line(image))))
            .Message.ShouldBe("set.jsonl:1 image: 'http://host/a.png?...' is an address; use a file, or let the job fetch images with dataset: { urls: allow }");

    [Fact]
    public async Task A_mask_is_a_file_whatever_images_are() =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(ImageUrls.Allow, """{"id":"a","image":"http://h/a","expressions":[{"text":"x","mask":"http://h/m.png"}]}""")))
            .Message.ShouldContain("expressions[0].mask: 'http://h/m.png' is an address");

    [Fact]
    public async Task Slices_and_written_manifests_keep_address_and_hash()
    {
        Sample[] samples =
        [
            new("a", new ImageSource { Url = "https://host/a.png?x=1" }, Hash.ToLowerInvariant(), [new Expression("x", false, null)]),
            new("b", new ImageSource { Url = "https://host/b.png" }, null, [new Expression("x", false, null)]),
        ];

        var slice = await ManifestSlice.ReadAsync(new MemoryStream(ManifestSlice.Write(samples)), "slice", token);
        await using (var writer = new ManifestWriter(folder["set.jsonl"]))
        {
            foreach (var sample in samples)
                await writer.WriteAsync(sample, token);
        }

        var written = await ManifestFile.ReadAsync(folder["set.jsonl"], DataRoots.Everywhere, ImageUrls.Allow, token).ToListAsync(token);
        Json(slice).ShouldBe(Json(samples));
        Json(written).ShouldBe(Json(samples));
    }

    [Fact]
    public void A_specification_without_it_is_written_as_before() =>
        JsonSerializer.Serialize(new DatasetSpec("manifest"), ContractsJson.Options).ShouldNotContain("urls");

    [Theory]
    [InlineData("https://host:8443/a%20b.png?sig=secret#part", "https://host:8443/a%20b.png?...")]
    [InlineData("http://user:secret@host/a.png", "http://host/a.png")]
    [InlineData("nonsense", "an address that cannot be read")]
    public void Messages_show_an_address_without_what_may_be_secret(string address, string shown) => ImageUrl.Plain(address).ShouldBe(shown);

    private static string Json(IReadOnlyList<Sample> samples) => JsonSerializer.Serialize(samples, ContractsJson.Options);

    private static string Line(string image, string id = "a") => $$"""{"id":"{{id}}",{{image}},"expressions":[{"text":"x"}]}""";

    private async Task<IReadOnlyList<Sample>> ReadAsync(ImageUrls urls, params string[] lines) =>
        await ManifestFile.ReadAsync(folder.Write("set.jsonl", string.Join('\n', lines)), DataRoots.Everywhere, urls, token).ToListAsync(token);
}
