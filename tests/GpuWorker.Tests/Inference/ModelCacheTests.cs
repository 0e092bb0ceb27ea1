using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Inference;

public sealed class ModelCacheTests
{
    private static readonly ModelKey Key = new("models/tiny", "hash", "float32", "cpu");

    [Fact]
    public async Task A_model_is_loaded_once_and_disposed_before_another_takes_its_place()
    {
        var loaded = new List<ScriptedModel>();
        using var thread = new InferenceThread(threads: 1);
        await using var cache = new ModelCache(thread, _ =>
        {
            loaded.ShouldAllBe(model => model.Disposed);
            loaded.Add(new ScriptedModel());
            return loaded[^1];
        });

        var first = await thread.RunAsync(() => cache.Get(Key));
        var again = await thread.RunAsync(() => cache.Get(Key with { }));
        var retrained = await thread.RunAsync(() => cache.Get(Key with { WeightsHash = "other" }));

        again.ShouldBeSameAs(first);
        retrained.ShouldNotBeSameAs(first);
        loaded.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_model_that_could_not_be_loaded_is_tried_again()
    {
        var tries = 0;
        using var thread = new InferenceThread(threads: 1);
        await using var cache = new ModelCache(thread, _ => ++tries == 1 ? throw new IOException("share is away") : new ScriptedModel());

        await Should.ThrowAsync<IOException>(() => thread.RunAsync(() => cache.Get(Key)));

        (await thread.RunAsync(() => cache.Get(Key))).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_cache_disposes_its_model_on_the_inference_thread()
    {
        var model = new ScriptedModel();
        using var thread = new InferenceThread(threads: 1);
        var cache = new ModelCache(thread, _ => model);
        await thread.RunAsync(() => cache.Get(Key));

        await cache.DisposeAsync();

        model.Disposed.ShouldBeTrue();
    }
}
