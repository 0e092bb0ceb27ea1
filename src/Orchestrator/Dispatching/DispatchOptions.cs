using System.ComponentModel.DataAnnotations;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>How shards are handed out. Section <c>Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    public const string Section = "Dispatch";

    /// <summary>Queue of the workers that load whatever model a shard needs; the queues of those that serve one model only begin with this name.</summary>
    /// <value>Default <c>shards</c>.</value>
    [Required]
    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,99}$", ErrorMessage = "A queue name is lower-case letters, digits, '.', '_' or '-', at most 100.")]
    public string Queue { get; set; } = "shards";

    /// <summary>Most shards in flight per worker queue, however many slots its workers have.</summary>
    /// <value>Default 1,024; less than <see cref="PerSlot"/> times the slots leaves workers idle.</value>
    [Range(1, 100_000)]
    public int Window { get; set; } = 1024;

    /// <summary>Shards in flight per slot of the workers that are there. More hides latency, fewer lets priorities, pauses and fairness act sooner.</summary>
    /// <value>Default 2: one runs, one is fetched ahead.</value>
    [Range(1, 100)]
    public int PerSlot { get; set; } = 2;

    /// <summary>How long a worker is believed to be there after it said so; it does so every five seconds.</summary>
    /// <value>Default 20 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WorkerTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Faults a shard may have before its job stops. Transient ones while loading or storing only count when <see cref="GiveUpAfter"/> has passed too.</summary>
    /// <value>Default 4.</value>
    [Range(1, 100)]
    public int Tries { get; set; } = 4;

    /// <summary>How long a shard may fail to be loaded or its result to be stored before its job stops: an outage of storage is no reason to give a job up.</summary>
    /// <value>Default 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Wait after a shard's first fault; doubled for each further one, then varied by half either way.</summary>
    /// <value>Default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan BackOff { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait after a fault, before it is varied.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LongestBackOff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a shard is believed to be worked on without a sign of life; workers give four in that time.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After which time a sent shard that no worker has taken is looked for in its queue.</summary>
    /// <value>Default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Unclaimed { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait before the ledger is looked at again, also when nothing rang.</summary>
    /// <value>Default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);
}
