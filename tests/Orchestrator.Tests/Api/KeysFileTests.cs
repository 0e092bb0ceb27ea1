using System.Net;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

public sealed class KeysFileTests(LedgerFixture ledgers) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_key_is_256_random_bits_and_the_file_keeps_only_its_hash_for_its_owner()
    {
        var path = folder.File("keys.json");
        var key = KeyFile.Create(path, "ci", ApiScope.Submit, TimeSpan.FromDays(90), Now);

        key.ShouldMatch("^plk_[A-Za-z0-9_-]{43}$");
        File.ReadAllText(path).ShouldNotContain(key);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var kept = KeyFile.Read(path).ShouldHaveSingleItem();
        kept.ShouldBe(new ApiKey("ci", ApiScope.Submit, KeyText.Hash(key), Now) { ExpiresAt = Now.AddDays(90) });
        kept.IsGood(Now.AddDays(89)).ShouldBeTrue();
        kept.IsGood(Now.AddDays(90)).ShouldBeFalse();
    }

    [Fact]
    public void A_name_is_given_once_even_after_its_key_was_revoked()
    {
        var path = folder.File("keys.json");
        KeyFile.Create(path, "ci", ApiScope.Submit, null, Now);
        KeyFile.Revoke(path, "ci", Now).ShouldBeTrue();
        KeyFile.Revoke(path, "ci", Now).ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => KeyFile.Create(path, "ci", ApiScope.Read, null, Now)).Message.ShouldContain("'ci'");
        Should.Throw<InvalidDataException>(() => KeyFile.Revoke(path, "other", Now)).Message.ShouldContain("'other'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("../a")]
    public void A_name_that_could_mislead_is_refused(string name) =>
        Should.Throw<InvalidDataException>(() => KeyFile.Create(folder.File("keys.json"), name, ApiScope.Read, null, Now));

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"keys":[{"name":"a","scope":"admin","sha256":"","createdAt":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"keys":[{"name":"a","scope":"root","sha256":"0","createdAt":"2026-01-01T00:00:00Z"}]}""")]
    public void A_file_that_is_damaged_is_refused_by_name(string content)
    {
        File.WriteAllText(folder.File("keys.json"), content);
        Should.Throw<InvalidDataException>(() => KeyFile.Read(folder.File("keys.json"))).Message.ShouldContain("keys.json");
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData(null)]
    public async Task A_file_of_keys_that_is_damaged_or_gone_lets_nobody_in_and_one_that_is_right_again_does(string? damage)
    {
        await using var host = await ApiHost.StartAsync(ledgers, keys: true);
        var right = File.ReadAllText(host.KeysFile);
        if (damage is null)
            File.Delete(host.KeysFile);
        else
            File.WriteAllText(host.KeysFile, damage);

        (await host.GetAsync("/v1/jobs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.Log.ShouldContain("no key is accepted");
        File.WriteAllText(host.KeysFile, right);
        (await host.GetAsync("/v1/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Mounted secrets are links to a folder that is exchanged.</summary>
    [Fact]
    public async Task A_key_revoked_in_the_file_behind_a_link_is_refused_from_the_next_request()
    {
        await using var host = await ApiHost.StartAsync(ledgers, keys: true);
        using var client = host.ClientWith(host.NewKey("leaver", ApiScope.Read));
        var jobs = new Uri("/v1/jobs", UriKind.Relative);
        File.Move(host.KeysFile, folder.File("mounted.json"));
        File.CreateSymbolicLink(host.KeysFile, folder.File("mounted.json"));
        (await client.GetAsync(jobs, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        KeyFile.Revoke(folder.File("mounted.json"), "leaver", TimeProvider.System.GetUtcNow());

        (await client.GetAsync(jobs, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
