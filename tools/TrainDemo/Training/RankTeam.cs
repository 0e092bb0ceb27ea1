using System.Runtime.ExceptionServices;

namespace Pipeline.TrainDemo.Training;

/// <summary>Threads that work in step. When one fails, the others stop waiting for it.</summary>
internal sealed class RankTeam : IDisposable
{
    private readonly Barrier barrier;
    private readonly CancellationTokenSource failed = new();

    public RankTeam(int ranks) => barrier = new Barrier(ranks);

    public int Ranks => barrier.ParticipantCount;

    /// <summary>Runs <paramref name="work"/> on every rank and waits for all; the first failure is thrown.</summary>
    public void Run(Action<int> work)
    {
        ExceptionDispatchInfo? first = null;
        var threads = Enumerable.Range(0, Ranks).Select(rank => new Thread(() => Guarded(rank)) { Name = $"rank {rank}", IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        first?.Throw();

        void Guarded(int rank)
        {
            try
            {
                work(rank);
            }
            catch (Exception fault)
            {
                if (Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(fault), null) is null)
                    failed.Cancel();
            }
        }
    }

    /// <summary>Returns when all ranks have come.</summary>
    /// <exception cref="OperationCanceledException">Another rank failed.</exception>
    public void Meet() => barrier.SignalAndWait(failed.Token);

    public void Dispose()
    {
        barrier.Dispose();
        failed.Dispose();
    }
}
