using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Pipeline.Hosting.Resilience;

/// <summary>How calls to ledger and broker are repeated; those to the artifact store are in <see cref="Contracts.Artifacts.ArtifactResilience"/>. The names appear in logs.</summary>
public static class ResiliencePipelines
{
    public const string Ledger = "ledger";
    public const string Broker = "broker";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Repeats for as long as the caller waits: nothing that a message, a result or a job depends on is given up because a server is away. A breaker
    /// lets a server that fails again and again come up without being run over; each try has its time.
    /// </summary>
    /// <param name="name">One of the names above.</param>
    /// <param name="isTransient">Which faults go away by themselves; all others pass at once.</param>
    /// <param name="perTry">How long one try may take.</param>
    public static ResiliencePipeline Create(string name, Func<Exception, bool> isTransient, TimeSpan perTry, TimeProvider time, ILogger log) =>
        Create(name, isTransient, perTry, time, log, _ => { });

    /// <param name="inner">Adds strategies inside all others, nearest to the call.</param>
    internal static ResiliencePipeline Create(
        string name, Func<Exception, bool> isTransient, TimeSpan perTry, TimeProvider time, ILogger log, Action<ResiliencePipelineBuilder> inner)
    {
        var builder = new ResiliencePipelineBuilder { Name = name, TimeProvider = time };
        builder
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is { } fault && !arguments.Context.CancellationToken.IsCancellationRequested && IsHandled(fault, isTransient)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                OnRetry = arguments =>
                {
                    Log.Again(log, name, arguments.RetryDelay, arguments.Outcome.Exception?.Message ?? "");
                    return ValueTask.CompletedTask;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } fault && IsHandled(fault, isTransient)),
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = Sampling,
                BreakDuration = Break,
            })
            .AddTimeout(perTry);
        inner(builder);
        return builder.Build();
    }

    private static bool IsHandled(Exception fault, Func<Exception, bool> isTransient) =>
        fault is BrokenCircuitException or TimeoutRejectedException || isTransient(fault);
}
