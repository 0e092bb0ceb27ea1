using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Inference;

public sealed class InferenceSlotsTests : IAsyncDisposable
{
    private static readonly ModelKey Key = new("models/tiny", "hash", "float32", "cpu");
    private static readonly ModelKey Other = Key with { WeightsHash = "other" };

    private readonly List<ModelKey> loaded = [];
    private readonly InferenceSlots slots;

    public InferenceSlotsTests() => slots = new InferenceSlots([Slot(), Slot()]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_slots_have_a_thread_and_a_model_each()
    {
        using var first = await slots.TakeAsync(Key, Token);
        using var second = await slots.TakeAsync(Key, Token);

        var (model, thread) = await first.RunAsync(model => (model, Environment.CurrentManagedThreadId));
        var (model2, thread2) = await second.RunAsync(model => (model, Environment.CurrentManagedThreadId));

        model2.ShouldNotBeSameAs(model);
        thread2.ShouldNotBe(thread);
    }

    [Fact]
    public async Task Who_finds_no_slot_free_waits_for_one()
    {
        var first = await slots.TakeAsync(Key, Token);
        using var second = await slots.TakeAsync(Key, Token);
        var third = slots.TakeAsync(Key, Token);
        third.IsCompleted.ShouldBeFalse();

        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task A_slot_given_back_twice_is_free_once()
    {
        var first = await slots.TakeAsync(Key, Token);
        using var second = await slots.TakeAsync(Key, Token);
        first.Dispose();
        first.Dispose();

        using var third = await slots.TakeAsync(Key, Token);

        slots.TakeAsync(Key, Token).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Models_that_take_turns_stay_loaded_each_in_its_slot()
    {
        foreach (var key in (ModelKey[])[Key, Other, Key, Other, Key])
        {
            using var lease = await slots.TakeAsync(key, Token);
            await lease.RunAsync(model => model.Shape);
        }

        loaded.ShouldBe([Key, Other]);
    }

    public ValueTask DisposeAsync() => slots.DisposeAsync();

    private InferenceSlot Slot() => InferenceSlot.Create(threads: 1, key =>
    {
        lock (loaded)
        {
            loaded.Add(key);
        }

        return new ScriptedModel();
    });
}
