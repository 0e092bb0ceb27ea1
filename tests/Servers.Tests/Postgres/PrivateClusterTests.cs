using System.Diagnostics;
using Npgsql;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Servers.Postgres;

namespace Pipeline.Servers.Tests.Postgres;

public sealed class PrivateClusterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await StartAsync())
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS value");

        await using var second = await StartAsync();
        (await ExecuteAsync(second, "SELECT value FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_folder_that_another_run_uses_is_refused()
    {
        await using var first = await StartAsync();

        var refusal = await Should.ThrowAsync<ServerException>(StartAsync);

        refusal.Message.ShouldContain("in use by another run");
        (await ExecuteAsync(first, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_but_its_owner_reaches_the_socket_and_it_does_not_listen_on_the_network()
    {
        await using var cluster = await StartAsync();

        var socketFolder = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        File.GetUnixFileMode(socketFolder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await ExecuteAsync(cluster, "SELECT current_setting('listen_addresses')")).ShouldBe("");
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_still_works()
    {
        var deep = folder.File(new string('d', 90) + "/" + new string('e', 90));

        await using var cluster = await PrivateCluster.StartAsync(deep, ClusterDurability.None, Token);

        (await ExecuteAsync(cluster, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_folder_that_the_server_cannot_reach_is_replaced_and_that_is_said()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root becomes another account.");
        var hidden = folder.File("hidden");
        Directory.CreateDirectory(hidden, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using var cluster = await PrivateCluster.StartAsync(hidden + "/ledger", ClusterDurability.None, Token);

        cluster.Notice.ShouldNotBeNull().ShouldContain(cluster.Folder);
        (await ExecuteAsync(cluster, "SELECT 1")).ShouldBe(1);
        await cluster.DisposeAsync();
        Directory.Delete(cluster.Folder, recursive: true);
    }

    [Fact]
    public async Task A_pid_file_left_behind_that_names_a_stranger_harms_neither_the_start_nor_the_stranger()
    {
        await using (await StartAsync())
        {
        }

        var data = folder.File("ledger/data");
        using var stranger = Process.Start("sleep", "600");
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(data, "postmaster.pid"), $"{stranger.Id}\n{data}\n1700000000\n5432\n{folder.File("ledger/socket")}\n\n        0         0\nready   \n", Token);

        await using var cluster = await StartAsync();

        (await ExecuteAsync(cluster, "SELECT 1")).ShouldBe(1);
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task A_cluster_whose_owner_was_killed_is_taken_over_with_all_that_was_committed()
    {
        using (var owner = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", typeof(ClusterOwner).Assembly.Location, "-class", typeof(ClusterOwner).FullName!, "-explicit", "only"])
        {
            Environment = { [ClusterOwner.FolderVariable] = folder.File("ledger") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!)
        {
            await Eventually.Get("the owner's table", () => Task.FromResult(File.Exists(folder.File("ledger/committed"))), exists => exists);
            owner.Kill();
            await owner.WaitForExitAsync(Token);
        }

        await using var taken = await StartAsync();

        (await ExecuteAsync(taken, "SELECT value FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_server_killed_without_warning_recovers_what_was_committed()
    {
        var killed = await PrivateCluster.StartAsync(folder.File("ledger"), ClusterDurability.Full, Token);
        await ExecuteAsync(killed, "CREATE TABLE kept AS SELECT 42 AS value");
        var server = Process.GetProcessById(int.Parse(File.ReadLines(folder.File("ledger/data/postmaster.pid")).First()));
        server.Kill();
        await server.WaitForExitAsync(Token);
        await Should.ThrowAsync<ServerException>(async () => await killed.DisposeAsync());

        await using var restarted = await StartAsync();

        (await ExecuteAsync(restarted, "SELECT value FROM kept")).ShouldBe(42);
    }

    private Task<PrivateCluster> StartAsync() => PrivateCluster.StartAsync(folder.File("ledger"), ClusterDurability.None, Token);

    private static async Task<object?> ExecuteAsync(PrivateCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}
