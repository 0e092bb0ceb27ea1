using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Hosting.Resilience;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Fault;

namespace Pipeline.Orchestrator.Tests.Resilience;

public sealed class ResiliencePipelinesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ResiliencePipelines.Ledger)]
    [InlineData(ResiliencePipelines.Broker)]
    public async Task A_server_that_is_away_for_some_calls_is_asked_again_until_it_answers(string name)
    {
        var injected = 0;
        var pipeline = Create(name, () => injected < 3 ? new IOException($"away {++injected}") : null);

        (await pipeline.ExecuteAsync(_ => ValueTask.FromResult(7), Token)).ShouldBe(7);

        injected.ShouldBe(3);
    }

    [Fact]
    public async Task A_fault_that_does_not_go_away_by_itself_passes_at_once()
    {
        var injected = 0;
        var pipeline = Create(ResiliencePipelines.Ledger, () => new InvalidDataException($"wrong {++injected}"));

        await Should.ThrowAsync<InvalidDataException>(async () => await pipeline.ExecuteAsync(_ => ValueTask.FromResult(7), Token));

        injected.ShouldBe(1);
    }

    private static ResiliencePipeline Create(string name, Func<Exception?> fault) => ResiliencePipelines.Create(
        name,
        thrown => thrown is IOException,
        TimeSpan.FromSeconds(30),
        TimeProvider.System,
        NullLogger.Instance,
        inner => inner.AddChaosFault(new ChaosFaultStrategyOptions { InjectionRate = 1, FaultGenerator = _ => ValueTask.FromResult(fault()) }));
}
