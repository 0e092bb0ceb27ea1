using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class StageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_in_the_order_of_the_source_however_long_each_takes()
    {
        var gates = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray();
        var stage = Stage.Run(Numbers(4), async i => { await gates[i].Task; return i; }, ahead: 4, Token);
        foreach (var gate in gates.Reverse())
        {
            gate.SetResult();
        }

        (await stage.ToListAsync(Token)).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task A_slow_reader_holds_the_stage_back()
    {
        var started = 0;
        var stage = Stage.Run(Numbers(100), i => { Interlocked.Increment(ref started); return Task.FromResult(i); }, ahead: 3, Token);

        await using var reader = stage.GetAsyncEnumerator(Token);
        for (var read = 1; read <= 50; read++)
        {
            await reader.MoveNextAsync();
            Volatile.Read(ref started).ShouldBeLessThanOrEqualTo(read + 4);
        }
    }

    [Fact]
    public async Task A_fault_comes_after_the_results_before_it()
    {
        var stage = Stage.Run(Numbers(5), i => i == 3 ? Task.FromException<int>(new InvalidOperationException("three")) : Task.FromResult(i), ahead: 2, Token);
        var seen = new List<int>();

        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await foreach (var result in stage)
            {
                seen.Add(result);
            }
        });

        seen.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_fault_of_the_stage_before_passes_through()
    {
        var before = Stage.Run(Numbers(5), i => i == 1 ? Task.FromException<int>(new InvalidOperationException("one")) : Task.FromResult(i), ahead: 1, Token);
        var after = Stage.Run(before, Task.FromResult, ahead: 1, Token);

        (await Should.ThrowAsync<InvalidOperationException>(async () => await after.ToListAsync(Token))).Message.ShouldBe("one");
    }

    [Fact]
    public async Task A_reader_that_leaves_waits_for_what_runs()
    {
        var running = 0;
        var stage = Stage.Run(
            Numbers(100),
            i => Task.Run(async () =>
            {
                Interlocked.Increment(ref running);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return i;
            }),
            ahead: 8,
            Token);

        await foreach (var result in stage)
        {
            if (result == 5)
            {
                break;
            }
        }

        Volatile.Read(ref running).ShouldBe(0);
    }

    private static IAsyncEnumerable<int> Numbers(int count) => Enumerable.Range(0, count).ToAsyncEnumerable();
}
