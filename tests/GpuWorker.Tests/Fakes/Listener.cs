using System.Threading.Channels;
using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>An orchestrator's ears: everything workers publish on a broker, and a way to send them shards.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly Channel<ShardCompleted> completed = Channel.CreateUnbounded<ShardCompleted>();
    private readonly Channel<ShardFailed> failed = Channel.CreateUnbounded<ShardFailed>();
    private readonly Channel<ShardProgress> progress = Channel.CreateUnbounded<ShardProgress>();
    private readonly Channel<WorkerSeen> seen = Channel.CreateUnbounded<WorkerSeen>();
    private readonly Channel<MessageFaulted> faulted = Channel.CreateUnbounded<MessageFaulted>();
    private readonly IBusControl bus;

    private Listener(Uri broker) => bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(broker);
        rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition(), endpoint =>
        {
            Note(endpoint, completed.Writer);
            Note(endpoint, failed.Writer);
            Note(endpoint, progress.Writer);
            Note(endpoint, seen.Writer);
            Note(endpoint, faulted.Writer);
        });
    });

    public ChannelReader<ShardCompleted> Completed => completed.Reader;

    public ChannelReader<ShardFailed> Failed => failed.Reader;

    public ChannelReader<ShardProgress> Progress => progress.Reader;

    public ChannelReader<WorkerSeen> Seen => seen.Reader;

    public ChannelReader<MessageFaulted> Faulted => faulted.Reader;

    public static async Task<Listener> StartAsync(Uri broker)
    {
        var listener = new Listener(broker);
        await listener.bus.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    /// <summary>To the exchange that the workers' queue hangs on.</summary>
    public async Task SendAsync<T>(string queue, T message)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, TestContext.Current.CancellationToken);
    }

    public Task PublishAsync<T>(T message)
        where T : class => bus.Publish(message, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await bus.StopAsync(CancellationToken.None);

    private static void Note<T>(IReceiveEndpointConfigurator endpoint, ChannelWriter<T> notes)
        where T : class => endpoint.Handler<T>(async context => await notes.WriteAsync(context.Message, context.CancellationToken));
}
