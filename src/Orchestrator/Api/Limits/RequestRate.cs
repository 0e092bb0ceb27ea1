using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Api.Problems;

namespace Pipeline.Orchestrator.Api.Limits;

/// <summary>So many requests a second for each key, or for each address where there is no key. Health is asked for by machines and not counted.</summary>
internal sealed class RequestRate(IOptions<ApiOptions> limits) : IConfigureOptions<RateLimiterOptions>
{
    public void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Request.Path.StartsWithSegments("/health")
            ? RateLimitPartition.GetNoLimiter("health")
            : RateLimitPartition.GetTokenBucketLimiter(Partition(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.Value.Burst,
                TokensPerPeriod = limits.Value.RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));
        options.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return new ValueTask(ProblemAnswer.WriteAsync(
                rejected.HttpContext,
                StatusCodes.Status429TooManyRequests,
                string.Create(CultureInfo.InvariantCulture, $"More than {limits.Value.RequestsPerSecond} requests a second; wait as long as Retry-After says.")));
        };
    }

    private static string Partition(HttpContext context) => context.User.FindFirstValue(ClaimTypes.Name) is { } key
        ? $"key {key}"
        : $"address {context.Connection.RemoteIpAddress}";
}
