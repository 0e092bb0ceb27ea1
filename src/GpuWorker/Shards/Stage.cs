using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Pipeline.GpuWorker.Shards;

/// <summary>One stage of a shard's pipeline: works ahead of whoever reads it, bounded, and gives results in the order of its source.</summary>
internal static class Stage
{
    /// <param name="source">Items, or the stage before.</param>
    /// <param name="work">Started for an item while earlier ones may still run.</param>
    /// <param name="ahead">Results kept waiting for the reader, at most; at least 1.</param>
    /// <param name="token">Ends the stage; what runs is awaited before the reader sees the end.</param>
    public static IAsyncEnumerable<TOut> Run<TIn, TOut>(
        IAsyncEnumerable<TIn> source, Func<TIn, Task<TOut>> work, int ahead, CancellationToken token = default) => Run(source, (item, _) => work(item), ahead, token);

    /// <inheritdoc cref="Run{TIn, TOut}(IAsyncEnumerable{TIn}, Func{TIn, Task{TOut}}, int, CancellationToken)"/>
    /// <param name="work">Its token is cancelled when nobody reads on.</param>
    public static async IAsyncEnumerable<TOut> Run<TIn, TOut>(
        IAsyncEnumerable<TIn> source, Func<TIn, CancellationToken, Task<TOut>> work, int ahead, [EnumeratorCancellation] CancellationToken token = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var results = Channel.CreateBounded<Task<TOut>>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });
        var pump = Pump(source, work, results.Writer, stop.Token);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(stop.Token))
            {
                yield return await result;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pump;
            while (results.Reader.TryRead(out var abandoned))
            {
                await ((Task)abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task Pump<TIn, TOut>(
        IAsyncEnumerable<TIn> source, Func<TIn, CancellationToken, Task<TOut>> work, ChannelWriter<Task<TOut>> results, CancellationToken stop)
    {
        try
        {
            await foreach (var item in source.WithCancellation(stop))
            {
                await results.WaitToWriteAsync(stop);
                results.TryWrite(work(item, stop));
            }

            results.Complete();
        }
#pragma warning disable CA1031 // The reader gets the fault, after the results that came before it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            results.Complete(fault);
        }
    }
}
