using Pipeline.Contracts.Artifacts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;

namespace Pipeline.Contracts.Tests.Artifacts;

public sealed class ResilientArtifactStoreTests : IDisposable
{
    private const int Seed = 5;

    private static readonly ArtifactResilience Quick = new() { Delay = TimeSpan.FromMilliseconds(1), LeastTries = 1_000 };

    private readonly TemporaryFolder folder = new();
    private readonly Random random = new(Seed);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FolderArtifactStore Inner => new(folder["store"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_store_that_fails_three_times_in_ten_serves_every_request()
    {
        var injected = 0;
        var store = Store(Quick with { Retries = 12 }, chaos => chaos.AddChaosFault(new ChaosFaultStrategyOptions
        {
            InjectionRate = 0.3,
            Randomizer = random.NextDouble,
            FaultGenerator = new FaultGenerator().AddException(() => new IOException("away")),
            OnFaultInjected = _ => Count(ref injected),
        }));

        for (var i = 0; i < 100; i++)
        {
            await store.PutAsync($"a/{i}", new[] { (byte)i }, Token);
            (await store.ExistsAsync($"a/{i}", Token)).ShouldBeTrue();
            await using var stream = await store.OpenAsync($"a/{i}", Token);
            stream.ReadByte().ShouldBe(i);
            await store.DeleteAsync($"a/{i}", Token);
        }

        injected.ShouldBeGreaterThan(50, $"seed {Seed}");
    }

    [Fact]
    public async Task A_try_that_hangs_is_given_up_and_the_next_one_serves()
    {
        var hanging = 1;
        var store = Store(Quick with { TryTimeout = TimeSpan.FromMilliseconds(50) }, chaos => chaos.AddChaosLatency(new ChaosLatencyStrategyOptions
        {
            InjectionRate = 1,
            Latency = TimeSpan.FromHours(1),
            EnabledGenerator = _ => ValueTask.FromResult(Interlocked.Decrement(ref hanging) == 0),
        }));

        (await store.ExistsAsync("a", Token)).ShouldBeFalse();

        hanging.ShouldBeLessThan(0);
    }

    [Fact]
    public async Task What_the_store_answers_is_passed_on_at_once()
    {
        var tries = 0;
        var store = Store(Quick, chaos => chaos.AddChaosBehavior(1, _ => Count(ref tries)));

        await Should.ThrowAsync<FileNotFoundException>(() => store.OpenAsync("missing", Token));
        await Should.ThrowAsync<ArgumentException>(() => store.OpenAsync("../secret", Token));

        tries.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_for_good_is_not_tried_again()
    {
        var tries = 0;
        var store = Store(Quick, chaos => chaos.AddChaosBehavior(1, _ => Count(ref tries)).AddChaosFault(1, () => new UnauthorizedAccessException("wrong key")));

        await Should.ThrowAsync<UnauthorizedAccessException>(() => store.ExistsAsync("a", Token));

        tries.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_stays_away_is_left_alone_for_a_while()
    {
        var tries = 0;
        var store = Store(
            new ArtifactResilience { Retries = 3, Delay = TimeSpan.FromMilliseconds(1), LeastTries = 4, Break = TimeSpan.FromMinutes(1) },
            chaos => chaos.AddChaosBehavior(1, _ => Count(ref tries)).AddChaosFault(1, () => new IOException("away")));
        await Should.ThrowAsync<IOException>(() => store.ExistsAsync("a", Token));

        var refusal = await Should.ThrowAsync<IOException>(() => store.ExistsAsync("a", Token));

        refusal.InnerException.ShouldBeAssignableTo<BrokenCircuitException>();
        tries.ShouldBe(4);
    }

    [Fact]
    public async Task A_cancelled_request_is_not_tried_again()
    {
        using var source = new CancellationTokenSource();
        var tries = 0;
        var store = Store(Quick, chaos => chaos
            .AddChaosBehavior(1, async _ =>
            {
                tries++;
                await source.CancelAsync();
            })
            .AddChaosFault(1, () => new IOException("away")));

        await Should.ThrowAsync<OperationCanceledException>(() => store.ExistsAsync("a", source.Token));

        tries.ShouldBe(1);
    }

    private static ValueTask Count(ref int count)
    {
        Interlocked.Increment(ref count);
        return ValueTask.CompletedTask;
    }

    private ResilientArtifactStore Store(ArtifactResilience resilience, Action<ResiliencePipelineBuilder> chaos)
    {
        var builder = new ResiliencePipelineBuilder().AddArtifactResilience(resilience);
        chaos(builder);
        return new ResilientArtifactStore(Inner, builder.Build());
    }
}
