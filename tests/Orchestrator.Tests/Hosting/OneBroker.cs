using Pipeline.Tests.Servers;

namespace Pipeline.Orchestrator.Tests.Hosting;

/// <summary>Tests that share one RabbitMQ server, one after the other.</summary>
[CollectionDefinition]
public sealed class OneBroker : ICollectionFixture<RabbitMqServer>;
