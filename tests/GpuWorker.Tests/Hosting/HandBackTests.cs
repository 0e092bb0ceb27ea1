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
public sealed class HandBackTests : IClassFixture<Broker>, IAsyncDisposable
{
    private const int Images = 200;

    private readonly Broker broker;
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;
    private readonly TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim hurry = new();

    public HandBackTests(Broker broker)
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
    public async Task A_worker_whose_time_is_up_says_which_shards_it_hands_back_and_keeps_none()
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        using var first = Worker("first", drainSeconds: 0, OverRabbitMq);
        await first.StartAsync(Token);
        await listener.SendAsync("shards", await bench.PlanAsync(Samples(Images), shard: 0));
        await listener.SendAsync("shards", await bench.PlanAsync(Samples(1), shard: 1));
        await running.Task.WaitAsync(Token);
        await listener.Progress.ReadAsync(Token);
        await listener.Progress.ReadAsync(Token);

        await first.StopAsync(Token);

        var handedBack = new[] { await listener.Failed.ReadAsync(Token), await listener.Failed.ReadAsync(Token) };
        handedBack.Select(answer => (answer.Shard, answer.Worker, answer.Class)).ShouldBe(
            [(0, "first", FaultClass.Cancelled), (1, "first", FaultClass.Cancelled)], ignoreOrder: true);
        model.Encoded.ShouldBeLessThan(Images);
        model.Live.ShouldBe(0);
        hurry.Set();
        using var second = Worker("second", drainSeconds: 0, OverRabbitMq);
        await second.StartAsync(Token);
        await listener.SendAsync("shards", await bench.PlanAsync(Samples(1), shard: 2));
        // The queue keeps its order, so a shard that was still in it would be answered before this one.
        (await listener.Completed.ReadAsync(Token)).Shard.ShouldBe(2);
        await second.StopAsync(Token);
    }

    [Fact]
    public async Task A_worker_that_is_going_finishes_what_it_runs_begins_nothing_and_says_that_it_goes()
    {
        await using var listener = await Listener.StartAsync(broker.Uri);
        using var worker = Worker("leaving", drainSeconds: 60, OverRabbitMq);
        await worker.StartAsync(Token);
        await listener.SendAsync("shards", await bench.PlanAsync(Samples(20), shard: 0));
        await running.Task.WaitAsync(Token);
        await listener.SendAsync("shards", await bench.PlanAsync(Samples(1), shard: 1));
        await listener.Progress.ReadAsync(Token);
        await listener.Progress.ReadAsync(Token);

        await worker.StopAsync(Token);

        (await listener.Completed.ReadAsync(Token)).Shard.ShouldBe(0);
        var handedBack = await listener.Failed.ReadAsync(Token);
        (handedBack.Shard, handedBack.Class).ShouldBe((1, FaultClass.Cancelled));
        var announced = await listener.Seen.ReadAsync(Token);
        (announced.Worker, announced.Slots, announced.Leaving).ShouldBe(("leaving", 1, false));
        announced.Queues.ShouldBe(["shards"]);
        await foreach (var sign in listener.Seen.ReadAllAsync(Token))
        {
            sign.Instance.ShouldBe(announced.Instance);
            if (sign.Leaving)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_worker_inside_a_larger_process_stops_within_an_image_too()
    {
        using var host = Worker("embedded", drainSeconds: 0, bus => bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context)));
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

    private IHost Worker(string name, int drainSeconds, Action<IBusRegistrationConfigurator> transport) => Host(services =>
    {
        services.AddSingleton<IArtifactStore>(bench.Store);
        services.AddGpuWorker().Configure(worker => (worker.Name, worker.Threads, worker.DrainSeconds) = (name, 1, drainSeconds));
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
}
