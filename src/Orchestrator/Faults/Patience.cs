namespace Pipeline.Orchestrator.Faults;

/// <summary>Tries again for as long as ledger, broker or artifact store are away, so that no message is given up for what it cannot help.</summary>
internal sealed partial class Patience(TimeProvider time, Random jitter, ILogger<Patience> log)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <exception cref="OperationCanceledException">The token was cancelled meanwhile.</exception>
    public async Task WaitOutAsync(Func<CancellationToken, Task> work, CancellationToken token)
    {
        for (var wait = First; ; wait = wait * 2 < Longest ? wait * 2 : Longest)
        {
            try
            {
                await work(token);
                return;
            }
            catch (Exception fault) when (TransientFaults.Is(fault))
            {
                token.ThrowIfCancellationRequested();
                LogAgain(fault.Message, wait);
                await Task.Delay(wait * (0.5 + jitter.NextDouble()), time, token);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message is held and handled again in about {Wait}: {Reason}")]
    private partial void LogAgain(string reason, TimeSpan wait);
}
