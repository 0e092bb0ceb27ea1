using Pipeline.Hosting.Resilience;
using Polly;

namespace Pipeline.Orchestrator.Faults;

/// <summary>Handles a message again for as long as ledger, broker or artifact store are away, so that none is given up for what it cannot help.</summary>
internal sealed class Patience(TimeProvider time, ILogger<Patience> log)
{
    /// <summary>The largest shard's result is read, checked and copied in far less.</summary>
    private static readonly TimeSpan PerTry = TimeSpan.FromMinutes(10);

    private readonly ResiliencePipeline pipeline = ResiliencePipelines.Create(ResiliencePipelines.Ledger, TransientFaults.Is, PerTry, time, log);

    /// <exception cref="OperationCanceledException">The token was cancelled meanwhile.</exception>
    public async Task WaitOutAsync(Func<CancellationToken, Task> work, CancellationToken token)
    {
        try
        {
            await pipeline.ExecuteAsync(async each => await work(each), token);
        }
        catch (Exception fault) when (token.IsCancellationRequested && TransientFaults.Is(fault))
        {
            throw new OperationCanceledException(fault.Message, fault, token);
        }
    }
}
