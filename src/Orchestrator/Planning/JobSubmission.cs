using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>Enters a job into the ledger. It is planned from there, by whichever orchestrator comes to it.</summary>
internal sealed class JobSubmission(IDbContextFactory<LedgerContext> ledgers, IOptions<DispatchOptions> options, TimeProvider time)
{
    /// <summary>Enters the job, its variants and its partition of predictions. The same job a second time changes nothing.</summary>
    /// <exception cref="JobStateException">There is another job of this id.</exception>
    public async Task AddAsync(Guid id, JobSpec spec, ModelDescription model, SubmitOptions submit, CancellationToken token)
    {
        var specification = JsonSerializer.Serialize(spec, ContractsJson.Options);
        var description = JsonSerializer.Serialize(model, ContractsJson.Options);
        var queue = WorkQueues.Of(options.Value.Queue, model.WeightsHash);
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var added = await ledger.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO jobs (id, name, state, spec, model, queue, priority, submitted_by, samples, expressions, shards, failures_borne, submitted_at)
            VALUES ({id}, {spec.Name}, 'planning', {specification}::json, {description}::jsonb, {queue}, {submit.Priority}, {submit.By}, 0, 0, 0, 0, {time.GetUtcNow()})
            ON CONFLICT (id) DO NOTHING
            """,
            token);
        if (added == 0)
        {
            if (!await ledger.Database.SqlQuery<bool>($"SELECT spec::jsonb = {specification}::jsonb AS \"Value\" FROM jobs WHERE id = {id}").SingleAsync(token))
                throw new JobStateException($"There is a job {id} already, with another specification; submit this one under a new id.");
            return;
        }

        ledger.Variants.AddRange(spec.Variants.Select((variant, index) =>
            new VariantRow { Job = id, Index = index, Name = variant.Name, Method = variant.Method, Hash = variant.Hash }));
        await ledger.SaveChangesAsync(token);

        // Attaching a finished table locks the parent against other such changes only, not against the ingest of other jobs.
        var partition = $"predictions_{id:N}";
        var statements = $"""
            CREATE TABLE {partition} (LIKE predictions INCLUDING ALL, CHECK (job = '{id:D}'));
            ALTER TABLE predictions ATTACH PARTITION {partition} FOR VALUES IN ('{id:D}');
            """;
#pragma warning disable EF1002 // A table's name cannot be a parameter; this one is a Guid.
        await ledger.Database.ExecuteSqlRawAsync(statements, token);
#pragma warning restore EF1002
        await transaction.CommitAsync(token);
    }
}
