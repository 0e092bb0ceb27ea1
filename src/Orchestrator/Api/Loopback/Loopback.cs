using System.Net;
using Microsoft.Extensions.Primitives;

namespace Pipeline.Orchestrator.Api.Loopback;

/// <summary>What counts as this machine only.</summary>
internal static class Loopback
{
    /// <returns>The addresses that a host would listen on and that other machines may reach.</returns>
    public static IEnumerable<string> AddressesBeyond(IConfiguration configuration)
    {
        var urls = configuration["urls"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var ports = urls.Length > 0 ? [] : Ports(configuration, "http").Concat(Ports(configuration, "https"));
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        return urls.Concat(ports).Concat(endpoints).Where(address => !IsLoopback(address));
    }

    /// <summary>As a browser sends it; one that sends none is no browser on another page.</summary>
    public static bool IsLoopbackOrigin(StringValues origin) =>
        origin.Count == 0 || (origin is [{ } only] && Uri.TryCreate(only, UriKind.Absolute, out var page) && IsLoopbackHost(page.Host));

    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsLoopback(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            return parsed.IsUnixPipe || IsLoopbackHost(parsed.Host);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Ports(IConfiguration configuration, string scheme) =>
        (configuration[$"{scheme}_ports"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"{scheme}://*:{port}");
}
