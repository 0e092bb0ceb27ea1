using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Tests.Fakes;
using Pipeline.Tests.Servers;

namespace Pipeline.GpuWorker.Tests.Hosting;

/// <summary>What happens to shards when the bus of their worker stops: on the real broker, and in one process.</summary>
public sealed class HandBackTests : IClassFixture<RabbitMqServer>, IAsyncDisposable
{
    private const int Images = 200;

    private readonly RabbitMqServer broker;
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;
    private readonly TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim hurry = new();

    public HandBackTests(RabbitMqServer broker)
    {
        this.broker = broker;
        bench = new Workbench(model);
        model.OnSegment = _ =>
        {
            running.TrySetResult();
            hurry.Wait(TimeSpan.FromMilliseconds(20), Token);
        };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_that_is_going_hands_its_shards_back_to_the_next()
    {
        var completed = Channel.CreateUnbounded<ShardCompleted>();
        using var listener = Listener(completed.Writer);
        await listener.StartAsync(Token);
        using var first = Worker("first", OverRabbitMq);
        await first.StartAsync(Token);
        await SendAsync(listener, await bench.PlanAsync(Samples(Images), shard: 0));
        await SendAsync(listener, await bench.PlanAsync(Samples(1), shard: 1));
        await running.Task.WaitAsync(Token);

        await first.StopAsync(Token);

        completed.Reader.Count.ShouldBe(0);
        model.Encoded.ShouldBeLessThan(Images);
        model.Live.ShouldBe(0);
        hurry.Set();
        using var second = Worker("second", OverRabbitMq);
        await second.StartAsync(Token);
        var answers = new[] { await completed.Reader.ReadAsync(Token), await completed.Reader.ReadAsync(Token) };
        answers.Select(answer => (answer.Shard, answer.Worker)).ShouldBe([(0, "second"), (1, "second")], ignoreOrder: true);
        await second.StopAsync(Token);
        await listener.StopAsync(Token);
    }

    [Fact]
    public async Task A_worker_inside_a_larger_process_stops_within_an_image_too()
    {
        using var host = Worker("embedded", bus => bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context)));
        await host.StartAsync(Token);
        await SendAsync(host, await bench.PlanAsync(Samples(Images)));
        await running.Task.WaitAsync(Token);

        await host.StopAsync(Token);

        model.Encoded.ShouldBeLessThan(Images);
        model.Live.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        hurry.Dispose();
    }

    private static async Task SendAsync(IHost host, ProcessShard shard)
    {
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:shards"));
        await endpoint.Send(shard, Token);
    }

    private static IHost Host(Action<IServiceCollection> services)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<MassTransitHostOptions>(bus => bus.WaitUntilStarted = true);
        services(builder.Services);
        return builder.Build();
    }

    private Pipeline.Contracts.Manifests.Sample[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i => bench.FileSample($"s{i}"))];

    private IHost Worker(string name, Action<IBusRegistrationConfigurator> transport) => Host(services =>
    {
        services.AddSingleton<IArtifactStore>(bench.Store);
        services.AddGpuWorker().Configure(worker => (worker.Name, worker.Threads) = (name, 1));
        services.AddSingleton(bench.Slots);
        services.AddMassTransit(bus =>
        {
            bus.AddGpuWorkerConsumers();
            transport(bus);
        });
    });

    private void OverRabbitMq(IBusRegistrationConfigurator bus) => bus.UsingRabbitMq((context, rabbit) =>
    {
        rabbit.Host(broker.Uri);
        rabbit.ConfigureEndpoints(context);
    });

    private IHost Listener(ChannelWriter<ShardCompleted> completed) => Host(services => services.AddMassTransit(bus => bus.UsingRabbitMq((_, rabbit) =>
    {
        rabbit.Host(broker.Uri);
        rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition(), endpoint => endpoint.Handler<ShardCompleted>(
            async context => await completed.WriteAsync(context.Message, context.CancellationToken)));
    })));
}
