using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pipeline.Orchestrator.Ledger.Migrations;

/// <summary>Reports that do not cost the number of a job's shards.</summary>
[DbContext(typeof(LedgerContext))]
[Migration("20261122000000_Merges")]
internal sealed class Merges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            CREATE TABLE merges (
                job     uuid NOT NULL,
                variant integer NOT NULL,
                digest  bytea NOT NULL,
                content bytea NOT NULL,
                PRIMARY KEY (job, variant),
                FOREIGN KEY (job, variant) REFERENCES variants
            );
            ALTER TABLE partials
                ADD COLUMN merged boolean NOT NULL DEFAULT false,
                -- Numbers of variable length hardly shrink any more; trying to costs more than writing and reading them.
                ALTER COLUMN content SET STORAGE EXTERNAL;
            CREATE INDEX partials_unmerged ON partials (job) WHERE NOT merged;

            -- In the order of the list of failures: without statistics the planner would walk all predictions in it instead.
            DROP INDEX predictions_failed;
            CREATE INDEX predictions_failed ON predictions (job, position, expression, variant) WHERE fault IS NOT NULL;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP TABLE merges;
        DROP INDEX partials_unmerged;
        ALTER TABLE partials DROP COLUMN merged, ALTER COLUMN content SET STORAGE EXTENDED;
        DROP INDEX predictions_failed;
        CREATE INDEX predictions_failed ON predictions (job, position) WHERE fault IS NOT NULL;
        """);
}
