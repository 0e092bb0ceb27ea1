using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pipeline.Orchestrator.Ledger.Migrations;

/// <summary>Priorities, pauses, added variants, split and quarantined shards, workers and faulted messages.</summary>
[DbContext(typeof(LedgerContext))]
[Migration("20261120000000_Unkillable")]
internal sealed class Unkillable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            ALTER TABLE jobs
                ADD COLUMN priority integer NOT NULL DEFAULT 0,
                ADD COLUMN paused boolean NOT NULL DEFAULT false,
                ADD COLUMN epoch integer NOT NULL DEFAULT 0,
                ADD COLUMN round integer NOT NULL DEFAULT 0,
                ADD COLUMN model jsonb,
                ADD COLUMN queue text,
                ADD COLUMN submitted_by text,
                ADD COLUMN sealed_at timestamptz,
                -- Keeps the order of settings, as variants are named by it.
                ALTER COLUMN spec TYPE json,
                DROP CONSTRAINT jobs_state_check,
                DROP CONSTRAINT jobs_check,
                ADD CONSTRAINT jobs_state_check CHECK (state IN ('planning', 'running', 'done', 'stopped', 'cancelled', 'deleting')),
                ADD CONSTRAINT jobs_reason_check CHECK (state <> 'stopped' OR reason IS NOT NULL);
            DROP INDEX jobs_running;
            CREATE INDEX jobs_live ON jobs (state) WHERE state IN ('planning', 'running', 'deleting');
            CREATE INDEX jobs_unsealed ON jobs (ended_at) WHERE sealed_at IS NULL AND ended_at IS NOT NULL;
            CREATE INDEX jobs_listed ON jobs (submitted_at DESC, id);

            ALTER TABLE variants ADD COLUMN round integer NOT NULL DEFAULT 0;

            ALTER TABLE shards
                ADD COLUMN skip integer NOT NULL DEFAULT 0,
                ADD COLUMN first_variant integer NOT NULL DEFAULT 0,
                ADD COLUMN variants integer,
                ADD COLUMN crashes integer NOT NULL DEFAULT 0,
                ADD COLUMN losses integer NOT NULL DEFAULT 0,
                ADD COLUMN parent integer,
                ADD COLUMN quarantined boolean NOT NULL DEFAULT false,
                ADD COLUMN fence integer NOT NULL DEFAULT 0,
                ADD COLUMN failing_since timestamptz,
                ADD COLUMN sent_at timestamptz,
                ALTER COLUMN queue DROP NOT NULL,
                DROP CONSTRAINT shards_state_check,
                ADD CONSTRAINT shards_state_check CHECK (state IN ('waiting', 'sent', 'done', 'split'));
            UPDATE shards SET variants = (SELECT count(*) FROM variants WHERE variants.job = shards.job);
            ALTER TABLE shards ALTER COLUMN variants SET NOT NULL;
            DROP INDEX shards_open;
            CREATE INDEX shards_waiting ON shards (job, index) WHERE state = 'waiting';
            CREATE INDEX shards_quarantined ON shards (job, index) WHERE quarantined;

            ALTER TABLE attempts
                DROP CONSTRAINT attempts_state_check,
                ADD CONSTRAINT attempts_state_check CHECK (state IN ('sent', 'done', 'failed', 'released', 'lost'));
            CREATE INDEX attempts_faulty ON attempts (job, ended_at) WHERE state IN ('failed', 'lost');

            CREATE TABLE workers (
                instance     uuid PRIMARY KEY,
                name         text NOT NULL,
                queues       text[] NOT NULL,
                slots        integer NOT NULL,
                code_version text NOT NULL,
                device       text NOT NULL,
                started_at   timestamptz NOT NULL,
                seen_at      timestamptz NOT NULL,
                leaving      boolean NOT NULL
            );

            -- Messages that could not be handled. No job is referenced: they may be older than what they speak of.
            CREATE TABLE faults (
                id     uuid PRIMARY KEY,
                queue  text NOT NULL,
                job    uuid,
                shard  integer,
                body   text NOT NULL,
                reason text NOT NULL,
                at     timestamptz NOT NULL
            );
            CREATE INDEX faults_of_job ON faults (job, at);
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("A ledger with split shards and cancelled jobs does not fit into its first shape; restore a backup instead.");
}
