using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Fetch;

/// <summary>A fetcher against a real server on loopback, which these tests alone allow.</summary>
public abstract class FetchBench : IAsyncLifetime
{
    private protected static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    private protected readonly FetchOptions options = new() { Hosts = ["*"], Seconds = 20, TrySeconds = 5, Tries = 3 };
    private protected readonly List<string> resolved = [];
    private protected PictureServer server = null!;

    /// <summary>What names resolve to; loopback unless a test says otherwise.</summary>
    private protected readonly Dictionary<string, Queue<IPAddress[]>> names = [];

    public async ValueTask InitializeAsync() => server = await PictureServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected ImageFetcher Fetcher() => new(
        options,
        new AddressPolicy([IPNetwork.Parse("127.0.0.0/8")]),
        (host, token) =>
        {
            lock (resolved)
            {
                resolved.Add(host);
            }

            return Task.FromResult(
                IPAddress.TryParse(host, out var address) ? [address]
                : names.TryGetValue(host, out var answers) ? answers.Count > 1 ? answers.Dequeue() : answers.Peek()
                : [IPAddress.Loopback]);
        },
        TimeProvider.System,
        NullLogger.Instance);

    private protected static async Task<byte[]> FetchAsync(ImageFetcher fetcher, string address, string? sha256 = null) =>
        (await fetcher.FetchAsync(address, sha256, Workbench.Token)).ToArray();

    private protected async Task<ImageFetchException> ThrownAsync(string address)
    {
        using var fetcher = Fetcher();
        return await Should.ThrowAsync<ImageFetchException>(() => FetchAsync(fetcher, address));
    }

    private protected async Task<ImageFetchException> RefusedAsync(string address)
    {
        var fault = await ThrownAsync(address);
        fault.Class.ShouldBe(FaultClass.Poison);
        return fault;
    }

    private protected static string Sha(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
