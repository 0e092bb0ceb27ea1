using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Ingest;

public sealed class ShardIngestTests(LedgerFixture ledgers) : IAsyncLifetime
{
    private Room room = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        room = await Room.OpenAsync(ledgers, configure: options => options.BackOff = TimeSpan.Zero, dispatching: false);
        await room.PlanAsync(TestJobs.Spec(samples: 4, perShard: 4));
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task A_shard_completed_twice_is_counted_once()
    {
        var completed = await room.StoreResultAsync(await SendAsync());

        (await IngestAsync(completed)).ShouldBe(IngestOutcome.Counted);
        var first = await CountsAsync();
        (await IngestAsync(completed)).ShouldBe(IngestOutcome.Ignored);

        (await CountsAsync()).ShouldBe(first);
        first.ShouldBe((Predictions: 4 * 3 * 3, Partials: 3));
    }

    [Fact]
    public async Task Many_completions_at_once_are_counted_once()
    {
        var completed = await room.StoreResultAsync(await SendAsync());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => IngestAsync(completed)));

        outcomes.Count(outcome => outcome == IngestOutcome.Counted).ShouldBe(1);
        (await CountsAsync()).ShouldBe((Predictions: 36, Partials: 3));
    }

    [Fact]
    public async Task An_earlier_attempt_that_wakes_first_counts_and_the_later_one_changes_nothing()
    {
        var early = await SendAsync();
        await room.Get<ShardQueue>().ReleaseAsync(early.Job, early.Shard, early.Attempt, "thought dead", Token);
        var late = await SendAsync();
        late.Attempt.ShouldBe(early.Attempt + 1);

        (await IngestAsync(await room.StoreResultAsync(early))).ShouldBe(IngestOutcome.Counted);
        (await IngestAsync(await room.StoreResultAsync(late))).ShouldBe(IngestOutcome.Ignored);

        var shard = await room.QueryAsync(ledger => ledger.Shards.SingleAsync(Token));
        shard.Result.ShouldNotBeNull().ShouldContain("0000000-1-");
        (await CountsAsync()).Predictions.ShouldBe(36);
        var attempts = await room.QueryAsync(ledger => ledger.Attempts.OrderBy(row => row.Attempt).Select(row => row.State).ToListAsync(Token));
        attempts.ShouldBe([AttemptState.Done, AttemptState.Released], "nothing is left in flight");
    }

    [Fact]
    public async Task An_attempt_that_was_never_sent_counts_for_nothing()
    {
        var invented = (await SendAsync()) with { Attempt = 2 };

        (await IngestAsync(await room.StoreResultAsync(invented))).ShouldBe(IngestOutcome.Ignored);

        (await CountsAsync()).Predictions.ShouldBe(0);
    }

    [Fact]
    public async Task A_damaged_result_is_never_counted_and_gives_a_new_attempt()
    {
        var completed = await room.StoreResultAsync(await SendAsync());
        var path = Path.Combine(room.Folder, "artifacts", completed.Result.Name);
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        (await IngestAsync(completed)).ShouldBe(IngestOutcome.Refused);

        await ExpectNewAttemptAsync("is damaged");
    }

    [Fact]
    public async Task A_result_that_is_not_there_gives_a_new_attempt()
    {
        var completed = await room.StoreResultAsync(await SendAsync());
        File.Delete(Path.Combine(room.Folder, "artifacts", completed.Result.Name));

        (await IngestAsync(completed)).ShouldBe(IngestOutcome.Refused);

        await ExpectNewAttemptAsync("There is no artifact");
    }

    [Fact]
    public async Task A_result_without_one_prediction_is_refused()
    {
        var message = await SendAsync();
        var whole = await ReadAsync(await room.StoreResultAsync(message));

        var outcome = await IngestAsync(await room.StoreAsync(whole with { Predictions = [.. whole.Predictions.SkipLast(1)] }));

        outcome.ShouldBe(IngestOutcome.Refused);
        await ExpectNewAttemptAsync("ends before sample 'scene-0000003', expression 2, variant 2");
    }

    [Fact]
    public async Task A_result_with_a_prediction_twice_is_refused()
    {
        var whole = await ReadAsync(await room.StoreResultAsync(await SendAsync()));

        var outcome = await IngestAsync(await room.StoreAsync(whole with { Predictions = [whole.Predictions[0], .. whole.Predictions.SkipLast(1)] }));

        outcome.ShouldBe(IngestOutcome.Refused);
        await ExpectNewAttemptAsync("expected sample 'scene-0000000', expression 0, variant 1");
    }

    [Fact]
    public async Task A_result_with_one_prediction_too_many_is_refused()
    {
        var whole = await ReadAsync(await room.StoreResultAsync(await SendAsync()));

        var outcome = await IngestAsync(await room.StoreAsync(whole with { Predictions = [.. whole.Predictions, whole.Predictions[^1]] }));

        outcome.ShouldBe(IngestOutcome.Refused);
        await ExpectNewAttemptAsync($"promises {whole.Predictions.Count + 1} predictions; its shard has {whole.Predictions.Count}");
    }

    [Fact]
    public async Task Predictions_stand_in_the_ledger_as_the_worker_wrote_them()
    {
        var message = await SendAsync();
        var completed = await room.StoreResultAsync(
            message, prediction => prediction is { Sample: "scene-0000002", Variant: 1 } ? TestJobs.Failed(prediction, "broken.jpg:\0 not a JPEG") : prediction);
        var result = await ReadAsync(completed);

        await IngestAsync(completed);

        var rows = await room.QueryAsync(ledger => ledger.Predictions.OrderBy(row => row.Position).ThenBy(row => row.Expression).ThenBy(row => row.Variant).ToListAsync(Token));
        rows.Count.ShouldBe(result.Predictions.Count);
        foreach (var (row, prediction) in rows.Zip(result.Predictions))
        {
            (row.Sample, row.Expression, row.Variant).ShouldBe((prediction.Sample, prediction.Expression, prediction.Variant));
            row.Position.ShouldBe(int.Parse(prediction.Sample[6..]));
            (row.Intersection, row.Union).ShouldBe((prediction.Overlap?.Intersection, prediction.Overlap?.Union));
            row.Fault.ShouldBe(prediction.Failure?.Class);
            row.Reason.ShouldBe(prediction.Failure?.Reason.Replace('\0', '\uFFFD'));
            row.VisualTokens.ShouldBe(prediction.VisualTokens);
            row.Tokens.ShouldBe(prediction.Tokens);
            (row.Tflops, row.LlmMilliseconds, row.TotalMilliseconds).ShouldBe((prediction.Tflops, prediction.LlmMilliseconds, prediction.TotalMilliseconds));
        }
    }

    private async Task<ProcessShard> SendAsync() => (await room.ClaimAsync()).Single();

    private Task<IngestOutcome> IngestAsync(ShardCompleted completed) => room.Get<ShardIngest>().IngestAsync(completed, Token);

    private async Task<ShardResult> ReadAsync(ShardCompleted completed)
    {
        await using var stream = await room.Artifacts.OpenAsync(completed.Result.Name, Token);
        return await ShardResultFile.ReadAsync(stream, completed.Result.Name, Token);
    }

    private Task<(int Predictions, int Partials)> CountsAsync() =>
        room.QueryAsync(async ledger => (await ledger.Predictions.CountAsync(Token), await ledger.Partials.CountAsync(Token)));

    private async Task ExpectNewAttemptAsync(string reason)
    {
        (await CountsAsync()).ShouldBe((0, 0));
        var attempt = await room.QueryAsync(ledger => ledger.Attempts.SingleAsync(Token));
        attempt.State.ShouldBe(AttemptState.Failed);
        attempt.Stage.ShouldBe("ingest");
        attempt.Reason.ShouldNotBeNull().ShouldContain(reason);
        (await SendAsync()).Attempt.ShouldBe(2);
    }
}
