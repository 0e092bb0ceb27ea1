using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>One try at an image: follows redirects, each of which is judged like the first address, and reads no more than it may.</summary>
/// <param name="http">Connects to judged addresses only and follows no redirects itself.</param>
/// <param name="options">Valid options.</param>
internal sealed class ImageRequest(HttpMessageInvoker http, FetchOptions options)
{
    private const int LargestFirstBuffer = 1 << 20;

    private static readonly ProductInfoHeaderValue Agent = new("pipeline", CodeVersion.Current.Split('+')[0]);

    private readonly HostList hosts = new(options.Hosts);

    /// <exception cref="ImageFetchException">The image cannot be had, now or ever; the message names its address without the query.</exception>
    public async Task<ReadOnlyMemory<byte>> SendAsync(Uri url, CancellationToken token)
    {
        var (at, hops) = (url, 0);
        try
        {
            while (true)
            {
                RequireAllowed(at);
                using var request = Request(at);
                using var response = await http.SendAsync(request, token);
                if (!IsRedirect(response.StatusCode))
                {
                    return await ReadAsync(response, token);
                }

                if (hops++ == options.Redirects)
                {
                    throw Poison($"redirects more than {options.Redirects} times");
                }

                at = Next(at, response);
            }
        }
        catch (ImageFetchException fault)
        {
            throw Named(fault.Class, fault.Message, fault, fault.RetryAfter);
        }
        catch (HttpRequestException fault) when (Refusal(fault) is { } refusal)
        {
            throw Named(refusal.Class, refusal.Message, fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            var poison = IsForGood(fault);
            throw Named(poison ? FaultClass.Poison : FaultClass.Transient, Words(fault), fault);
        }

        ImageFetchException Named(FaultClass faultClass, string what, Exception inner, TimeSpan? retryAfter = null)
        {
            var name = at == url ? ImageUrl.Plain(url) : $"{ImageUrl.Plain(url)}, redirected to {ImageUrl.Plain(at)}";
            return new ImageFetchException(faultClass, $"{name}: {what}", inner) { RetryAfter = retryAfter };
        }
    }

    private static HttpRequestMessage Request(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Accept.ParseAdd("image/jpeg, image/png, */*;q=0.1");
        request.Headers.AcceptEncoding.ParseAdd("identity");
        return request;
    }

    private void RequireAllowed(Uri url)
    {
        if (ImageUrl.Refuse(url) is { } refusal)
        {
            throw Poison(refusal);
        }

        if (!hosts.Allows(url.IdnHost))
        {
            throw Poison($"the host {url.IdnHost} is not among those that this worker's operator allows (Fetch:Hosts)");
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static Uri Next(Uri at, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location)
        {
            throw Poison($"answered {Status(response)} without saying where to");
        }

        var next = location.IsAbsoluteUri ? location : new Uri(at, location);
        return at.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp
            ? throw Poison($"redirects from https to http, to {ImageUrl.Plain(next)}, where anybody on the way could change the image")
            : next;
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken token)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw IsBusy(response.StatusCode)
                ? new ImageFetchException(FaultClass.Transient, $"answered {Status(response)}") { RetryAfter = RetryAfter(response) }
                : Poison($"answered {Status(response)}");
        }

        if (response.Content.Headers.ContentEncoding is { Count: > 0 } codings && codings.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            throw Poison($"its content is compressed ({string.Join(", ", codings)}), which was not asked for");
        var announced = response.Content.Headers.ContentLength;
        if (announced > options.LargestBytes)
        {
            throw Poison($"has {announced} bytes; at most {options.LargestBytes} are fetched (Fetch:LargestBytes)");
        }

        await using var content = await response.Content.ReadAsStreamAsync(token);
        var bytes = new MemoryStream((int)Math.Min(announced ?? 0, LargestFirstBuffer));
        var buffer = new byte[64 * 1024];
        while (await content.ReadAsync(buffer, token) is > 0 and var read)
        {
            if (bytes.Length + read > options.LargestBytes)
            {
                throw Poison($"has more than {options.LargestBytes} bytes, the most that are fetched (Fetch:LargestBytes)");
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static bool IsBusy(HttpStatusCode status) => (int)status is 408 or 425 or 429 or (>= 500 and not (501 or 505));

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (response.Headers.Date ?? DateTimeOffset.UtcNow),
        _ => null,
    };

    private static string Status(HttpResponseMessage response) => string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} ({response.StatusCode})");

    private static ImageFetchException? Refusal(Exception fault) => fault as ImageFetchException ?? (fault.InnerException is { } inner ? Refusal(inner) : null);

    /// <summary>A certificate that is not right, or headers beyond measure; a server that is away or drops the line may come back.</summary>
    private static bool IsForGood(Exception fault) =>
        fault is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
        || (fault.InnerException is { } inner && IsForGood(inner));

    private static string Words(Exception fault) => fault.InnerException is { } inner && !fault.Message.Contains(inner.Message, StringComparison.Ordinal)
        ? $"{fault.Message} ({Words(inner)})"
        : fault.Message;

    private static ImageFetchException Poison(string message) => new(FaultClass.Poison, message);
}
