using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Tests.Inference;

public sealed class InferenceThreadTests
{
    [Fact]
    public async Task All_work_runs_on_one_thread_and_in_order()
    {
        using var thread = new InferenceThread(threads: 1);
        var order = new List<int>();

        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => thread.RunAsync(() =>
        {
            order.Add(i);
            return Environment.CurrentManagedThreadId;
        })));

        ids.Distinct().ShouldHaveSingleItem().ShouldNotBe(Environment.CurrentManagedThreadId);
        order.Order().ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task Who_awaits_work_goes_on_elsewhere()
    {
        using var thread = new InferenceThread(threads: 1);

        var (inside, after) = await Task.Run(async () => (await thread.RunAsync(() => Environment.CurrentManagedThreadId), Environment.CurrentManagedThreadId));

        after.ShouldNotBe(inside);
    }

    [Fact]
    public async Task A_fault_belongs_to_its_caller_and_the_thread_lives_on()
    {
        using var thread = new InferenceThread(threads: 1);

        await Should.ThrowAsync<InvalidOperationException>(() => thread.RunAsync<int>(() => throw new InvalidOperationException("broken")));

        (await thread.RunAsync(() => 42)).ShouldBe(42);
    }

    [Fact]
    public async Task Shutting_down_finishes_what_was_handed_over_and_takes_nothing_more()
    {
        var thread = new InferenceThread(threads: 1);
        await thread.RunAsync(() => 0);
        var done = thread.RunAsync(() => 1);

        thread.Dispose();

        (await done).ShouldBe(1);
        await Should.ThrowAsync<ObjectDisposedException>(() => thread.RunAsync(() => 2));
    }
}
