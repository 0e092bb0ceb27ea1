using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pipeline.Orchestrator.Ledger.Migrations;

/// <summary>The ledger's first shape.</summary>
[DbContext(typeof(LedgerContext))]
[Migration("20260101000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            CREATE TABLE jobs (
                id             uuid PRIMARY KEY,
                name           text NOT NULL,
                state          text NOT NULL CHECK (state IN ('planning', 'running', 'done', 'stopped')),
                reason         text,
                spec           jsonb NOT NULL,
                manifest_hash  text,
                fingerprint    text,
                samples        bigint NOT NULL,
                expressions    bigint NOT NULL,
                shards         integer NOT NULL,
                failures_borne bigint NOT NULL,
                submitted_at   timestamptz NOT NULL,
                started_at     timestamptz,
                ended_at       timestamptz,
                CHECK (state <> 'stopped' OR reason IS NOT NULL)
            );
            CREATE INDEX jobs_running ON jobs (submitted_at, id) WHERE state = 'running';

            CREATE TABLE variants (
                job    uuid NOT NULL REFERENCES jobs,
                index  integer NOT NULL,
                name   text NOT NULL,
                method text NOT NULL,
                hash   text NOT NULL,
                PRIMARY KEY (job, index),
                UNIQUE (job, name)
            );

            CREATE TABLE shards (
                job           uuid NOT NULL REFERENCES jobs,
                index         integer NOT NULL,
                state         text NOT NULL CHECK (state IN ('waiting', 'sent', 'done')),
                attempt       integer NOT NULL,
                faults        integer NOT NULL,
                first         bigint NOT NULL,
                samples       integer NOT NULL,
                expressions   integer NOT NULL,
                slice         text NOT NULL,
                slice_sha256  text NOT NULL,
                queue         text NOT NULL,
                not_before    timestamptz NOT NULL,
                lease_until   timestamptz,
                worker        text,
                result        text,
                result_sha256 text,
                done_at       timestamptz,
                PRIMARY KEY (job, index),
                CHECK ((state = 'done') = (result IS NOT NULL))
            );
            CREATE INDEX shards_open ON shards (job, index) WHERE state <> 'done';
            CREATE INDEX shards_sent ON shards (queue, lease_until) WHERE state = 'sent';
            CREATE INDEX shards_tally ON shards (job, state) INCLUDE (samples, expressions);

            CREATE TABLE attempts (
                job      uuid NOT NULL,
                shard    integer NOT NULL,
                attempt  integer NOT NULL,
                state    text NOT NULL CHECK (state IN ('sent', 'done', 'failed', 'released')),
                worker   text,
                fault    text,
                stage    text,
                reason   text,
                sent_at  timestamptz NOT NULL,
                ended_at timestamptz,
                PRIMARY KEY (job, shard, attempt),
                FOREIGN KEY (job, shard) REFERENCES shards
            );

            CREATE TABLE partials (
                job         uuid NOT NULL,
                shard       integer NOT NULL,
                variant     integer NOT NULL,
                predictions bigint NOT NULL,
                failures    bigint NOT NULL,
                digest      bytea NOT NULL,
                content     bytea NOT NULL,
                PRIMARY KEY (job, shard, variant),
                FOREIGN KEY (job, shard) REFERENCES shards,
                FOREIGN KEY (job, variant) REFERENCES variants
            );
            CREATE INDEX partials_tally ON partials (job, variant) INCLUDE (predictions, failures);
            CREATE INDEX partials_failures ON partials (job) INCLUDE (failures) WHERE failures > 0;

            -- One partition per job, attached when the job is planned; a job is dropped by dropping its partition.
            CREATE TABLE predictions (
                job              uuid NOT NULL,
                position         bigint NOT NULL,
                expression       integer NOT NULL,
                variant          integer NOT NULL,
                sample           text NOT NULL,
                shard            integer NOT NULL,
                fault            text,
                stage            text,
                reason           text,
                intersection     bigint,
                "union"          bigint,
                visual_tokens    integer[] NOT NULL,
                tokens           integer[] NOT NULL,
                tflops           double precision NOT NULL,
                llm_milliseconds double precision NOT NULL,
                total_milliseconds double precision NOT NULL,
                PRIMARY KEY (job, position, expression, variant)
            ) PARTITION BY LIST (job);
            CREATE INDEX predictions_failed ON predictions (job, position) WHERE fault IS NOT NULL;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP TABLE predictions, partials, attempts, shards, variants, jobs");
}
