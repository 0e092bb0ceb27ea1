using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Telemetry;

/// <summary>Reads from the ledger what no single orchestrator knows: shards that wait and that are in flight, jobs, workers and their slots.</summary>
internal sealed partial class LedgerGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Present = TimeSpan.FromSeconds(30);

    private readonly IDbContextFactory<LedgerContext> ledgers;
    private readonly TimeProvider time;
    private readonly ILogger<LedgerGauges> log;
    private Reading latest = new(0, 0, 0, 0, 0);

    public LedgerGauges(IDbContextFactory<LedgerContext> ledgers, TimeProvider time, ILogger<LedgerGauges> log)
    {
        (this.ledgers, this.time, this.log) = (ledgers, time, log);
        var meter = OrchestratorTelemetry.Meter;
        meter.CreateObservableGauge("pipeline.shards.waiting", () => latest.Waiting, "{shard}", "Shards of running jobs that are to be dispatched: the depth of the queue.");
        meter.CreateObservableGauge("pipeline.shards.in_flight", () => latest.InFlight, "{shard}", "Shards that were sent to workers.");
        meter.CreateObservableGauge("pipeline.jobs.running", () => latest.Jobs, "{job}", "Jobs that are planned or run.");
        meter.CreateObservableGauge("pipeline.workers", () => latest.Workers, "{worker}", "Workers that gave a sign of life lately.");
        meter.CreateObservableGauge("pipeline.worker.slots", () => latest.Slots, "{slot}", "Shards those workers run at once.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                latest = await ReadAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Gauges that cannot be read keep their last value; the ledger's own health check tells.
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogUnread(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Reading> ReadAsync(CancellationToken token)
    {
        var since = time.GetUtcNow() - Present;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await ledger.Database.SqlQuery<Reading>(
            $"""
            SELECT
                (SELECT count(*) FROM jobs JOIN shards ON shards.job = jobs.id WHERE jobs.state = 'running' AND shards.state = 'waiting') AS "Waiting",
                (SELECT count(*) FROM shards WHERE state = 'sent') AS "InFlight",
                (SELECT count(*) FROM jobs WHERE state IN ('planning', 'running')) AS "Jobs",
                (SELECT count(*) FROM workers WHERE NOT leaving AND seen_at > {since}) AS "Workers",
                (SELECT coalesce(sum(slots), 0) FROM workers WHERE NOT leaving AND seen_at > {since}) AS "Slots"
            """).SingleAsync(token);
    }

    private sealed record Reading(long Waiting, long InFlight, long Jobs, long Workers, long Slots);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The ledger's gauges could not be read: {Reason}")]
    private partial void LogUnread(string reason);
}
