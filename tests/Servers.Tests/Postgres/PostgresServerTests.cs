using Npgsql;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Servers.Postgres;

namespace Pipeline.Servers.Tests.Postgres;

public sealed class PostgresServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private PostgresServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await PostgresServer.StartAsync(folder.File("postgres"), ClusterDurability.Full, Token);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_killed_server_comes_back_at_its_address_with_all_that_was_committed()
    {
        var address = server.ConnectionString;
        await ExecuteAsync(address, "CREATE TABLE kept AS SELECT 42 AS value");
        await using var open = new NpgsqlConnection(address + ";Pooling=false");
        await open.OpenAsync(Token);

        await server.KillAsync(Token);
        await server.RestartAsync(Token);

        server.ConnectionString.ShouldBe(address);
        (await ExecuteAsync(address, "SELECT value FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_server_that_still_runs_is_found_and_one_that_is_started_anew_replaces_it()
    {
        (await FindAsync()).ShouldNotBeNull().Process.ShouldBe(server.Process);

        await using var second = await PostgresServer.StartAsync(folder.File("postgres"), ClusterDurability.None, Token);

        second.ConnectionString.ShouldBe(server.ConnectionString);
        server.Process.IsRunning().ShouldBeFalse();
        (await ExecuteAsync(second.ConnectionString, "SELECT 1")).ShouldBe(1);
        await second.StopAsync(Token);
        (await FindAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_enters_without_the_password_and_it_listens_on_this_machine_only()
    {
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" }.ConnectionString;

        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(wrong, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        (await ExecuteAsync(server.ConnectionString, "SELECT current_setting('listen_addresses') || current_setting('unix_socket_directories')")).ShouldBe("127.0.0.1");
        File.Exists(folder.File("postgres/password")).ShouldBeFalse();
        File.GetUnixFileMode(folder.File("postgres/server.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Databases_of_one_server_are_apart()
    {
        var first = await server.NewDatabaseAsync("first", Token);
        await ExecuteAsync(first, "CREATE TABLE here AS SELECT 1 AS value");

        var second = await server.NewDatabaseAsync("second", Token);

        (await ExecuteAsync(second, "SELECT to_regclass('here')::text")).ShouldBe(DBNull.Value);
    }

    private Task<PostgresServer?> FindAsync() => PostgresServer.FindAsync(folder.File("postgres"), ClusterDurability.Full, Token);

    private static async Task<object?> ExecuteAsync(string address, string sql)
    {
        await using var connection = new NpgsqlConnection(address + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}
