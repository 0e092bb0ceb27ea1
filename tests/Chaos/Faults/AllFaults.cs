namespace Pipeline.Chaos.Faults;

/// <summary>Everything that can go wrong, one entry each.</summary>
internal static class AllFaults
{
    private static readonly string[] Points = ["after-lease", "mid-inference", "after-upload", "before-publish", "after-publish"];

    public static IReadOnlyList<IFault> Create() =>
    [
        .. Points.Select(point => new WorkerDiesAtPoint(point)),
        new HostKilled("worker", cluster => cluster.Workers),
        new HostFrozen("worker", cluster => cluster.Workers),
        new HostRestarted("worker", cluster => cluster.Workers),
        new InferenceKilled(),
        new HostKilled("orchestrator", cluster => cluster.Orchestrators),
        new HostFrozen("orchestrator", cluster => cluster.Orchestrators),
        new HostRestarted("orchestrator", cluster => cluster.Orchestrators),
        new ServerKilled("RabbitMQ", cluster => cluster.Broker),
        new ServerFrozen("RabbitMQ", cluster => cluster.Broker),
        new ServerKilled("PostgreSQL", cluster => cluster.Postgres),
        new ServerFrozen("PostgreSQL", cluster => cluster.Postgres),
        new ServerKilled("Azurite", cluster => cluster.Azurite),
        new ServerFrozen("Azurite", cluster => cluster.Azurite),
        new ShardMessage(copies: 0),
        new ShardMessage(copies: 2),
        new CompletionLost(),
        new CompletionDoubled(),
        new ResultDamaged("corrupted", FlipAByte),
        new ResultDamaged("cut off", bytes => bytes[..(bytes.Length / 2)]),
        new ResultDamaged("deleted", _ => null),
    ];

    private static byte[] FlipAByte(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 0x10;
        return bytes;
    }
}
