using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Tests.Fetch;

public sealed class FetchOptionsTests
{
    [Theory]
    [InlineData("images.example.org", "images.example.org", true)]
    [InlineData("images.example.org", "IMAGES.example.org.", true)]
    [InlineData("images.example.org", "other.example.org", false)]
    [InlineData("images.example.org", "images.example.org.evil.test", false)]
    [InlineData("*.example.org", "a.b.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "evilexample.org", false)]
    [InlineData("*.example.org", ".example.org", false)]
    [InlineData("*", "anything.test", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    public void An_entry_allows_its_own_host_and_with_a_star_those_below(string entry, string host, bool allowed) =>
        new HostList([entry]).Allows(host).ShouldBe(allowed);

    [Theory]
    [InlineData("http://images.example.org")]
    [InlineData("images.example.org:8080")]
    [InlineData("images.example.org/a")]
    [InlineData("*example.org")]
    [InlineData("a.*.org")]
    [InlineData("**")]
    [InlineData("")]
    [InlineData("a..b")]
    public void What_is_no_host_is_a_wrong_setting(string entry) =>
        Faults(new FetchOptions { Hosts = [entry] }).ShouldHaveSingleItem().ShouldContain($"'{entry}' is no host");

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("somewhere")]
    public void What_is_no_network_is_a_wrong_setting(string network) =>
        Faults(new FetchOptions { PrivateNetworks = [network] }).ShouldHaveSingleItem().ShouldContain("10.1.2.0/24");

    [Fact]
    public void Link_local_addresses_cannot_be_allowed() =>
        Faults(new FetchOptions { PrivateNetworks = ["10.0.0.0/8", "169.254.0.0/16"] })
            .ShouldHaveSingleItem().ShouldBe("Fetch:PrivateNetworks: 169.254.0.0/16 can never be allowed: it is link-local, where clouds answer with a machine's credentials.");

    [Fact]
    public void Limits_out_of_range_are_all_told() =>
        Faults(new FetchOptions { LargestBytes = 0, Seconds = 0, TrySeconds = 0, Tries = 0, Redirects = -1, AtOnce = 0, PerHost = 0 }).Count.ShouldBe(7);

    [Fact]
    public void An_image_has_less_time_than_a_process_that_hangs()
    {
        var patience = new FetchPatience(Options.Create(new WorkerOptions { HangSeconds = 60 }));

        patience.Validate(null, new FetchOptions { Hosts = ["*"], Seconds = 60 }).FailureMessage!.ShouldContain("Worker:HangSeconds");
        patience.Validate(null, new FetchOptions { Hosts = ["*"], Seconds = 59 }).Succeeded.ShouldBeTrue();
        patience.Validate(null, new FetchOptions { Seconds = 60 }).Succeeded.ShouldBeTrue("it fetches nothing");
    }

    private static List<string> Faults(FetchOptions options)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return [.. faults.Select(fault => fault.ErrorMessage!)];
    }
}
