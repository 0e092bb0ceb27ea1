using System.Net;
using System.Net.Sockets;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>Which addresses images may be fetched from: public ones, and networks that the operator names.</summary>
/// <remarks>
/// IANA's special-purpose registries (RFC 6890 and its updates) say what is not public. What carries an IPv4 address inside is judged by that one, or
/// refused: ::ffff:0:0/96 (mapped), 64:ff9b::/96 (NAT64), 2002::/16 (6to4), 2001::/32 (Teredo).
/// </remarks>
/// <param name="privateNetworks">Allowed beside the public ones.</param>
internal sealed class AddressPolicy(IReadOnlyList<IPNetwork> privateNetworks)
{
    /// <summary>Nothing that an operator says allows these: they hand out a machine's credentials or are no address of one host.</summary>
    private static readonly (IPNetwork Network, string What)[] Never =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "is this machine itself"),
        (IPNetwork.Parse("169.254.0.0/16"), "is link-local, where clouds answer with a machine's credentials"),
        (IPNetwork.Parse("168.63.129.16/32"), "is where Azure answers with a machine's settings"),
        (IPNetwork.Parse("100.100.100.200/32"), "is where Alibaba Cloud answers with a machine's credentials"),
        (IPNetwork.Parse("192.0.0.192/32"), "is where Oracle Cloud answers with a machine's credentials"),
        (IPNetwork.Parse("224.0.0.0/4"), "is a multicast address"),
        (IPNetwork.Parse("255.255.255.255/32"), "is the broadcast address"),
        (IPNetwork.Parse("::/128"), "is this machine itself"),
        (IPNetwork.Parse("fe80::/10"), "is link-local"),
        (IPNetwork.Parse("fd00:ec2::/32"), "is where AWS answers with a machine's credentials"),
        (IPNetwork.Parse("fd20:ce::/32"), "is where Google Cloud answers with a machine's credentials"),
        (IPNetwork.Parse("ff00::/8"), "is a multicast address"),
    ];

    private static readonly (IPNetwork Network, string What)[] NotPublic =
    [
        (IPNetwork.Parse("10.0.0.0/8"), "is private"),
        (IPNetwork.Parse("100.64.0.0/10"), "is a provider's own (100.64.0.0/10)"),
        (IPNetwork.Parse("127.0.0.0/8"), "is this machine itself"),
        (IPNetwork.Parse("172.16.0.0/12"), "is private"),
        (IPNetwork.Parse("192.0.0.0/24"), "is reserved for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "is for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "is reserved"),
        (IPNetwork.Parse("192.168.0.0/16"), "is private"),
        (IPNetwork.Parse("198.18.0.0/15"), "is for benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), "is for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "is for documentation"),
        (IPNetwork.Parse("240.0.0.0/4"), "is reserved"),
        (IPNetwork.Parse("::1/128"), "is this machine itself"),
        (IPNetwork.Parse("fc00::/7"), "is private"),
        (IPNetwork.Parse("2001::/23"), "is reserved for protocols"),
        (IPNetwork.Parse("2001:db8::/32"), "is for documentation"),
        (IPNetwork.Parse("2002::/16"), "holds another address (6to4)"),
        (IPNetwork.Parse("3fff::/20"), "is for documentation"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <returns>Why nothing is asked of it; null for an address that may be asked.</returns>
    public string? Refuse(IPAddress address)
    {
        var judged = Unwrapped(address);
        if (In(Never, judged) is { } never)
        {
            return never;
        }

        if (privateNetworks.Any(network => network.Contains(judged)))
            return null;
        if (In(NotPublic, judged) is { } other)
        {
            return other;
        }

        return judged.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(judged) ? "is not public" : null;
    }

    /// <returns>Why a network can never be allowed; null for one that can.</returns>
    public static string? NeverIn(IPNetwork network)
    {
        var judged = Unwrapped(network.BaseAddress);
        return Never.Where(never => never.Network.Contains(judged) && Length(judged, network) >= never.Network.PrefixLength).Select(never => $"it {never.What}").FirstOrDefault();
    }

    private static int Length(IPAddress judged, IPNetwork network) =>
        judged.AddressFamily == network.BaseAddress.AddressFamily ? network.PrefixLength : Math.Max(0, network.PrefixLength - 96);

    private static string? In((IPNetwork Network, string What)[] ranges, IPAddress address) =>
        ranges.Where(range => range.Network.Contains(address)).Select(range => range.What).FirstOrDefault();

    /// <summary>The address that is really asked.</summary>
    private static IPAddress Unwrapped(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12)) : address;
    }
}
