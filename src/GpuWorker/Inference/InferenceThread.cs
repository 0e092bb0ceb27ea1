using System.Collections.Concurrent;
using TorchSharp;

namespace Pipeline.GpuWorker.Inference;

/// <summary>The one thread on which a slot of this worker touches tensors.</summary>
/// <remarks>
/// Dispose scopes belong to a thread and do not follow an <c>await</c>, and libtorch keeps its thread count per calling thread (its matrix products may keep one for all: every slot asks for the same).
/// So tensor work is written as plain functions and handed over here, one at a time, in order.
/// </remarks>
public sealed class InferenceThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;
    private readonly Task started;

    /// <param name="threads">Threads libtorch uses within one operator.</param>
    public InferenceThread(int threads)
    {
        thread = new Thread(Run) { IsBackground = true, Name = "inference" };
        thread.Start();
        started = Enqueue(() =>
        {
            torch.set_num_threads(threads);
            return threads;
        });
    }

    /// <summary>Runs a function after everything handed over before it; the caller goes on elsewhere.</summary>
    /// <exception cref="ObjectDisposedException">The thread has been shut down.</exception>
    public async Task<T> RunAsync<T>(Func<T> function)
    {
        await started;
        return await Enqueue(function);
    }

    /// <summary>Takes nothing more, finishes what was handed over, and ends the thread.</summary>
    public void Dispose()
    {
        if (!work.IsAddingCompleted)
        {
            work.CompleteAdding();
            thread.Join();
            work.Dispose();
        }
    }

    private Task<T> Enqueue<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            work.Add(() => Complete(completion, function));
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(InferenceThread));
        }

        return completion.Task;
    }

    private static void Complete<T>(TaskCompletionSource<T> completion, Func<T> function)
    {
        try
        {
            completion.SetResult(function());
        }
        catch (OperationCanceledException canceled)
        {
            completion.SetCanceled(canceled.CancellationToken);
        }
#pragma warning disable CA1031 // Every fault belongs to whoever awaits the work, none to the thread.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            completion.SetException(fault);
        }
    }

    private void Run()
    {
        foreach (var next in work.GetConsumingEnumerable())
        {
            next();
        }
    }
}
