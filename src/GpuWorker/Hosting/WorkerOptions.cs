using System.ComponentModel.DataAnnotations;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>How one worker runs. Section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Worker";

    public const int MostSlots = 256;

    /// <summary>What the worker calls itself in results and messages.</summary>
    /// <value>Default the machine's name. Give each worker its own where several share a machine.</value>
    [Required]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", ErrorMessage = "Worker:Name is letters, digits, '-', '_' and '.', at most 80.")]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Queue that shards are taken from; workers of one kind share one.</summary>
    /// <value>Default <c>shards</c>.</value>
    [Required]
    [RegularExpression("[a-z0-9][a-z0-9._-]{0,99}", ErrorMessage = "Worker:Queue is lower-case letters, digits, '.', '_' and '-', at most 100.")]
    public string Queue { get; set; } = "shards";

    /// <summary>Checkpoint folders this worker serves, each from a queue of its own; shards of other models go to other workers.</summary>
    /// <value>Default none: it serves every model that lies on this machine, from <see cref="Queue"/>.</value>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary><c>lisa</c>, or <c>seeded</c> to measure everything but the model: predictions that follow from sample, expression and variant alone.</summary>
    /// <value>Default <c>lisa</c>.</value>
    [RegularExpression("lisa|seeded", ErrorMessage = "Worker:Engine is lisa or seeded.")]
    public string Engine { get; set; } = "lisa";

    /// <summary>Where tensors live when the job leaves it open: <c>auto</c> (CUDA where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value>Default <c>auto</c>.</value>
    [RegularExpression(@"auto|cpu|cuda(:\d{1,3})?", ErrorMessage = "Worker:Device is auto, cpu, cuda or cuda:N.")]
    public string Device { get; set; } = "auto";

    /// <summary>Shards run at once, each with a model and a thread of its own. More than one suits a small model on a CPU, whose operators are too short to share out.</summary>
    /// <value>Default 1. Each slot holds the whole model and the decoded images of its shard.</value>
    [Range(1, MostSlots, ErrorMessage = "Worker:Slots is 1 to 256.")]
    public int Slots { get; set; } = 1;

    /// <summary>Threads libtorch uses within one operator, in each slot.</summary>
    /// <value>Default all cores, shared out among the slots.</value>
    [Range(1, 1024, ErrorMessage = "Worker:Threads is 1 to 1024.")]
    public int? Threads { get; set; }

    /// <summary>Images decoded ahead of the model. More hides slow storage and takes memory: an image of 1,024 x 1,024 is 3 MB.</summary>
    /// <value>Default 4.</value>
    [Range(1, 256, ErrorMessage = "Worker:DecodeAhead is 1 to 256.")]
    public int DecodeAhead { get; set; } = 4;

    /// <summary>Expressions of an image that run as one batch. An image with more is decoded and encoded again for each such batch, so that neither memory nor a batch grows with their number.</summary>
    /// <value>Default 32. Masks of all variants of a batch are in memory at once: 32 expressions, 8 variants and 1 megapixel are 288 MB. Where batches are cut changes the last bits of predictions.</value>
    [Range(1, 10_000, ErrorMessage = "Worker:ExpressionsAtOnce is 1 to 10000.")]
    public int ExpressionsAtOnce { get; set; } = 32;

    /// <summary>Seconds a worker that is told to stop may take to finish the shards it runs; it hands back those that take longer.</summary>
    /// <value>Default 60.</value>
    [Range(0, 3600, ErrorMessage = "Worker:DrainSeconds is 0 to 3600.")]
    public int DrainSeconds { get; set; } = 60;

    /// <summary>Seconds without a sign from the process that runs the model, its samples and their variants, after which it counts as hung and is killed.</summary>
    /// <value>Default 300; longer than the slowest variant of one image takes.</value>
    [Range(1, 86_400, ErrorMessage = "Worker:HangSeconds is 1 to 86400.")]
    public int HangSeconds { get; set; } = 300;

    /// <summary>Seconds that process may take to start and load a model.</summary>
    /// <value>Default 600.</value>
    [Range(1, 86_400, ErrorMessage = "Worker:LoadSeconds is 1 to 86400.")]
    public int LoadSeconds { get; set; } = 600;

    /// <summary>Memory of that process, in MB, above which it is started anew after its shard. No fault of the shard.</summary>
    /// <value>Default none. Well above what the model itself takes, or every shard loads it again.</value>
    [Range(1, 10_000_000, ErrorMessage = "Worker:RecycleMegabytes is 1 to 10000000.")]
    public int? RecycleMegabytes { get; set; }

    /// <summary>For tests that kill workers at chosen moments: the folder of <see cref="Faults.FaultPoints"/>.</summary>
    /// <value>Default none.</value>
    public string? FaultPoints { get; set; }

    internal bool IsSeeded => Engine == "seeded";

    internal int ThreadsPerSlot => Threads ?? Math.Max(1, Environment.ProcessorCount / Slots);
}
