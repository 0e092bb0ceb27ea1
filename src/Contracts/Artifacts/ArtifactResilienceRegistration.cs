using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Puts <see cref="ArtifactResilience"/> into a pipeline.</summary>
public static class ArtifactResilienceRegistration
{
    /// <summary>Retry with jitter, round a circuit breaker, round a timeout for each try.</summary>
    public static ResiliencePipelineBuilder AddArtifactResilience(this ResiliencePipelineBuilder builder, ArtifactResilience resilience)
    {
        ArgumentNullException.ThrowIfNull(resilience);
        builder.Name = ArtifactResilience.PipelineName;
        var away = new PredicateBuilder().Handle<IOException>(IsAway).Handle<TimeoutRejectedException>();
        return builder
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = away,
                MaxRetryAttempts = resilience.Retries,
                Delay = resilience.Delay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = away,
                FailureRatio = 0.5,
                MinimumThroughput = resilience.LeastTries,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = resilience.Break,
            })
            .AddTimeout(resilience.TryTimeout);
    }

    /// <summary>An artifact that is not there is an answer and no fault.</summary>
    private static bool IsAway(IOException fault) => fault is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException);
}
