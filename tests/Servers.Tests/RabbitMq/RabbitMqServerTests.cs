using System.Text;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Servers.RabbitMq;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Pipeline.Servers.Tests.RabbitMq;

public sealed class RabbitMqServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private RabbitMqServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await RabbitMqServer.StartAsync(folder.File("rabbitmq"), Token);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_killed_server_comes_back_at_its_address_with_the_messages_it_confirmed()
    {
        var address = server.Uri;
        await using (var connection = await ConnectAsync(address))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Token))
            await DeclareAsync(channel);
        // RabbitMQ 3.10 notes a new queue in its directory half a second later, or when it stops.
        await server.RestartAsync(Token);
        await using (var connection = await ConnectAsync(address))
        await using (var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Token))
        {
            await channel.BasicPublishAsync("", "kept", mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes("hello"), Token);
        }

        await server.KillAsync(Token);
        await server.RestartAsync(Token);

        server.Uri.ShouldBe(address);
        await using var again = await ConnectAsync(address);
        await using var reader = await again.CreateChannelAsync(cancellationToken: Token);
        var message = await Eventually.Get("the message", () => reader.BasicGetAsync("kept", autoAck: true, Token), message => message is not null);
        Encoding.UTF8.GetString(message!.Body.Span).ShouldBe("hello");
    }

    [Fact]
    public async Task A_server_that_still_runs_is_found_and_one_that_is_started_anew_replaces_it()
    {
        var found = RabbitMqServer.Find(folder.File("rabbitmq")).ShouldNotBeNull();
        found.Process.ShouldBe(server.Process);

        await using var second = await RabbitMqServer.StartAsync(folder.File("rabbitmq"), Token);

        second.Uri.ShouldBe(server.Uri);
        server.Process.IsRunning().ShouldBeFalse();
        await (await ConnectAsync(second.Uri)).DisposeAsync();
        await second.StopAsync(Token);
        RabbitMqServer.Find(folder.File("rabbitmq")).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_enters_without_the_password_and_no_guest_is_there()
    {
        foreach (var stranger in (string[])["guest:guest", "pipeline:wrong"])
        {
            var address = new UriBuilder(server.Uri) { UserName = stranger.Split(':')[0], Password = stranger.Split(':')[1] }.Uri;
            var refusal = await Should.ThrowAsync<BrokerUnreachableException>(() => ConnectAsync(address));
            refusal.InnerException.ShouldBeOfType<AuthenticationFailureException>();
        }

        File.GetUnixFileMode(folder.File("rabbitmq/server.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText($"/proc/{server.Process.Pid}/cmdline").ShouldNotContain(server.Uri.UserInfo.Split(':')[1]);
    }

    [Fact]
    public async Task What_is_in_one_virtual_host_is_not_in_another()
    {
        var first = await server.NewVirtualHostAsync("first", Token);
        var second = await server.NewVirtualHostAsync("second", Token);
        await using var connection = await ConnectAsync(first);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await DeclareAsync(channel);

        await using var stranger = await ConnectAsync(second);
        await using var elsewhere = await stranger.CreateChannelAsync(cancellationToken: Token);

        (await Should.ThrowAsync<OperationInterruptedException>(() => elsewhere.QueueDeclarePassiveAsync("kept", Token))).Message.ShouldContain("NOT_FOUND");
        (await channel.QueueDeclarePassiveAsync("kept", Token)).QueueName.ShouldBe("kept");
    }

    private static Task<IConnection> ConnectAsync(Uri address) => new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(Token);

    private static Task<QueueDeclareOk> DeclareAsync(IChannel channel) => channel.QueueDeclareAsync(
        "kept", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Token);
}
