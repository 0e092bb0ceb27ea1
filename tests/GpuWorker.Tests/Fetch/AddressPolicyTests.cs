using System.Net;
using Pipeline.GpuWorker.Fetch;

namespace Pipeline.GpuWorker.Tests.Fetch;

public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Public_addresses_may_be_asked(string address) => Refusal(address).ShouldBeNull();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Whatever_is_not_public_is_refused(string address) => Refusal(address).ShouldNotBeNull();

    [Fact]
    public void A_network_that_the_operator_names_may_be_asked_and_no_more()
    {
        Refusal("10.1.2.3", "10.1.2.0/24").ShouldBeNull();
        Refusal("::ffff:10.1.2.3", "10.1.2.0/24").ShouldBeNull();
        Refusal("fd12::5", "fd12::/16").ShouldBeNull();
        Refusal("10.1.3.1", "10.1.2.0/24").ShouldNotBeNull();
        Refusal("127.0.0.1", "10.1.2.0/24").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    public void No_network_however_wide_lets_metadata_be_asked(string address) => Refusal(address, "0.0.0.0/0", "::/0").ShouldNotBeNull();

    [Theory]
    [InlineData("169.254.0.0/16")]
    [InlineData("169.254.169.254/32")]
    [InlineData("::ffff:169.254.0.0/112")]
    [InlineData("fe80::/64")]
    [InlineData("fd00:ec2::254/128")]
    [InlineData("0.0.0.0/8")]
    [InlineData("224.0.0.0/8")]
    public void A_network_within_those_is_a_wrong_setting(string network) => AddressPolicy.NeverIn(IPNetwork.Parse(network)).ShouldNotBeNull();

    [Theory]
    [InlineData("127.0.0.0/8")]
    [InlineData("10.0.0.0/8")]
    [InlineData("fd00::/8")]
    [InlineData("0.0.0.0/0")]
    public void Other_networks_are_right(string network) => AddressPolicy.NeverIn(IPNetwork.Parse(network)).ShouldBeNull();

    private static string? Refusal(string address, params string[] networks) =>
        new AddressPolicy([.. networks.Select(network => IPNetwork.Parse(network))]).Refuse(IPAddress.Parse(address));
}
