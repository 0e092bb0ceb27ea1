using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pipeline.Orchestrator.Ledger.Migrations;

/// <summary>Which shards are to be broken up, said in one place; and quick answers for claiming.</summary>
[DbContext(typeof(LedgerContext))]
[Migration("20261121000000_Poison")]
internal sealed class Poison : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            -- A confirmed crash says more than a vanished worker, which may have been switched off.
            ALTER TABLE shards ADD COLUMN poisoned boolean NOT NULL
                GENERATED ALWAYS AS (crashes >= 2 OR losses >= CASE WHEN samples > 1 THEN 3 ELSE 5 END) STORED;
            DROP INDEX shards_waiting;
            CREATE INDEX shards_waiting ON shards (job, index) WHERE state = 'waiting' AND NOT poisoned;
            CREATE INDEX shards_poisoned ON shards (job, index) WHERE state = 'waiting' AND poisoned;

            -- Shards of added variants wait for these.
            CREATE INDEX shards_base_open ON shards (job) WHERE first_variant = 0 AND state IN ('waiting', 'sent');
            CREATE INDEX shards_place ON shards (job, first);
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP INDEX shards_waiting, shards_poisoned, shards_base_open, shards_place;
        ALTER TABLE shards DROP COLUMN poisoned;
        CREATE INDEX shards_waiting ON shards (job, index) WHERE state = 'waiting';
        """);
}
