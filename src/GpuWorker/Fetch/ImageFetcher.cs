using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>Fetches images from addresses that others chose: from allowed hosts at judged addresses only, within limits of size, time and number.</summary>
/// <remarks>No proxy, no cookies, no credentials, nothing unpacked; what kind of content it is, the content itself says.</remarks>
public sealed partial class ImageFetcher : IDisposable
{
    /// <summary>Name of the pipeline that tries again.</summary>
    public const string PipelineName = "images";

    private const int LongestHeadersKilobytes = 32;
    private const int LongestDrain = 64 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly FetchOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly HttpMessageInvoker http;
    private readonly ImageRequest request;
    private readonly Places places;
    private readonly ResiliencePipeline pipeline;

    public ImageFetcher(IOptions<FetchOptions> options, TimeProvider clock, ILogger<ImageFetcher> logger)
        : this(options.Value, new AddressPolicy([.. options.Value.PrivateNetworks.Select(network => IPNetwork.Parse(network))]), Dns.GetHostAddressesAsync, clock, logger)
    {
    }

    /// <param name="options">Valid options; their networks are the policy's matter.</param>
    /// <param name="policy">Judges every address before it is connected to.</param>
    /// <param name="resolve">Asks for the addresses of a name.</param>
    internal ImageFetcher(
        FetchOptions options, AddressPolicy policy, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider clock, ILogger logger)
    {
        (this.options, this.clock, log) = (options, clock, logger);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = new CheckedConnection(policy, resolve).ConnectAsync,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = options.PerHost,
            MaxResponseHeadersLength = LongestHeadersKilobytes,
            MaxResponseDrainSize = LongestDrain,
            PooledConnectionLifetime = ConnectionLifetime,
        });
        request = new ImageRequest(http, options);
        places = new Places(options.AtOnce, options.PerHost);
        pipeline = CreatePipeline();
    }

    /// <summary>How many images it is worth to ask for at once.</summary>
    internal int AtOnce => options.AtOnce;

    /// <param name="address">As the manifest gives it.</param>
    /// <param name="sha256">What the content must be, lower-case hex; null where anything is right.</param>
    /// <exception cref="ImageFetchException">It cannot be had; the message names the address without its query.</exception>
    internal async Task<ReadOnlyMemory<byte>> FetchAsync(string address, string? sha256, CancellationToken token)
    {
        if (ImageUrl.Refuse(address) is { } refusal)
        {
            throw new ImageFetchException(FaultClass.Poison, $"{ImageUrl.Plain(address)}: {refusal}");
        }

        var url = new Uri(address);
        using var place = await places.TakeAsync(url.IdnHost, token);
        var content = await PatientlyAsync(url, token);
        if (sha256 is not null && Convert.ToHexStringLower(SHA256.HashData(content.Span)) is var found && found != sha256)
        {
            throw new ImageFetchException(FaultClass.Poison, $"{ImageUrl.Plain(url)}: its content has the SHA-256 {found}; the manifest says {sha256}");
        }

        return content;
    }

    public void Dispose()
    {
        http.Dispose();
        places.Dispose();
    }

    private async Task<ReadOnlyMemory<byte>> PatientlyAsync(Uri url, CancellationToken token)
    {
        var start = clock.GetTimestamp();
        ImageFetchException? last = null;
        try
        {
            return await pipeline.ExecuteAsync(TryAsync, token);
        }
        catch (TimeoutRejectedException fault)
        {
            var before = last is null ? "" : $"; before that: {last.Message}";
            throw new ImageFetchException(FaultClass.Transient, $"{ImageUrl.Plain(url)}: did not answer in full within {fault.Timeout.TotalSeconds:0} s{before}", fault);
        }

        async ValueTask<ReadOnlyMemory<byte>> TryAsync(CancellationToken each)
        {
            try
            {
                return await request.SendAsync(url, each);
            }
            catch (ImageFetchException fault) when (fault.RetryAfter is { } pause && pause > TimeSpan.FromSeconds(options.Seconds) - clock.GetElapsedTime(start))
            {
                var message = $"{fault.Message} and asks to come back in {pause.TotalSeconds:0} s; {options.Seconds} s are spent on an image (Fetch:Seconds)";
                throw new ImageFetchException(FaultClass.Transient, message, fault) { IsLast = true };
            }
            catch (ImageFetchException fault)
            {
                last = fault;
                throw;
            }
        }
    }

    private ResiliencePipeline CreatePipeline()
    {
        var builder = new ResiliencePipelineBuilder { Name = PipelineName, TimeProvider = clock };
        builder.AddTimeout(TimeSpan.FromSeconds(options.Seconds));
        if (options.Tries > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ImageFetchException>(fault => fault is { Class: FaultClass.Transient, IsLast: false }).Handle<TimeoutRejectedException>(),
                MaxRetryAttempts = options.Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    arguments.Outcome.Exception is ImageFetchException { RetryAfter: { } pause } && pause > FirstPause ? pause : null),
                OnRetry = arguments =>
                {
                    LogAgain(arguments.Outcome.Exception?.Message ?? "", arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder.AddTimeout(TimeSpan.FromSeconds(options.TrySeconds)).Build();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An image is asked for again in {Pause}: {Reason}")]
    private partial void LogAgain(string reason, TimeSpan pause);
}
