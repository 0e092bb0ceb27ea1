using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using Pipeline.Orchestrator.Hosting;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Ledger;

public sealed class MigrationTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_that_start_together_make_one_ledger_of_an_empty_database()
    {
        var connection = await EmptyAsync(await ledgers.NewLedgerAsync());
        var options = new DbContextOptionsBuilder<LedgerContext>().UseNpgsql(connection).Options;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new LedgerMigration(new PooledDbContextFactory<LedgerContext>(options)).StartingAsync(Token)));

        await using var made = new LedgerContext(options);
        (await made.Database.GetPendingMigrationsAsync(Token)).ShouldBeEmpty();
        (await made.Jobs.CountAsync(Token)).ShouldBe(0);
    }

    private static async Task<string> EmptyAsync(string like)
    {
        await using var connection = new NpgsqlConnection(like);
        await connection.OpenAsync(Token);
        var name = $"{connection.Database}_empty";
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0", connection);
        await create.ExecuteNonQueryAsync(Token);
        return new NpgsqlConnectionStringBuilder(like) { Database = name }.ConnectionString;
    }
}
