using Pipeline.Cli.Client;

namespace Pipeline.Cli.Tests.Client;

public sealed class ApiLocationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_pipeline_up_left_is_found_from_folders_below_it()
    {
        folder.Write(ApiLocation.StateFile, """{ "api": "http://127.0.0.1:5123", "workers": [] }""");
        Directory.CreateDirectory(folder["a/b"]);
        Find(folder["a/b"]).ShouldBe(new ApiLocation(new Uri("http://127.0.0.1:5123"), null));
    }

    [Fact]
    public void An_option_goes_before_the_environment_and_that_before_the_state_file()
    {
        folder.Write(ApiLocation.StateFile, """{ "api": "http://127.0.0.1:1" }""");
        folder.Write("option.key", "from-option\n");
        folder.Write("environment.key", "from-file");
        var (url, keyFile) = ((ApiLocation.UrlVariable, "http://127.0.0.1:2"), (ApiLocation.KeyFileVariable, folder["environment.key"]));

        Find(folder.Path, url).Address.Port.ShouldBe(2);
        ApiLocation.Find("http://127.0.0.1:3", folder["option.key"], Environment(url, (ApiLocation.KeyVariable, "from-environment")), folder.Path)
            .ShouldBe(new ApiLocation(new Uri("http://127.0.0.1:3"), "from-option"));
        Find(folder.Path, keyFile, (ApiLocation.KeyVariable, "from-environment")).Key.ShouldBe("from-environment");
        Find(folder.Path, keyFile).Key.ShouldBe("from-file");
    }

    [Theory]
    [InlineData(null, "./pipeline up")]
    [InlineData("{", "damaged")]
    [InlineData("{}", "names no 'api'")]
    public void Where_none_is_known_the_message_says_how_to_start_one(string? state, string message)
    {
        if (state is not null)
            folder.Write(ApiLocation.StateFile, state);
        Should.Throw<InvalidDataException>(() => Find(folder.Path)).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("ftp://localhost")]
    [InlineData("file:///etc/passwd")]
    public void What_is_no_address_is_refused(string url) =>
        Should.Throw<InvalidDataException>(() => ApiLocation.Find(url, null, Environment(), folder.Path)).Message.ShouldContain(url);

    [Fact]
    public void A_file_that_holds_more_than_a_key_is_refused()
    {
        folder.Write("two.key", "a\nb\n");
        Should.Throw<InvalidDataException>(() => ApiLocation.Find("http://localhost", folder["two.key"], Environment(), folder.Path)).Message.ShouldContain("two.key");
    }

    private static ApiLocation Find(string from, params (string Name, string Value)[] environment) => ApiLocation.Find(null, null, Environment(environment), from);

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault();
}
