namespace Pipeline.GpuWorker.Children;

/// <summary>What a worker and the child that runs its model tell each other.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the child, first: how to run.</summary>
    Settings,

    /// <summary>To the child: a shard.</summary>
    Run,

    /// <summary>To the child: nobody waits for the shard any more.</summary>
    Stop,

    /// <summary>To the child: the picture is stored, or why not.</summary>
    Stored,

    /// <summary>To the worker: the model is there.</summary>
    Loaded,

    /// <summary>To the worker: the model begins with a sample.</summary>
    Begins,

    /// <summary>To the worker: a step is done and took so long.</summary>
    Took,

    /// <summary>To the worker: so many samples are done.</summary>
    Samples,

    /// <summary>To the worker: store this picture.</summary>
    Put,

    /// <summary>To the worker, last of a shard: its result.</summary>
    Result,

    /// <summary>To the worker, last of a shard: there is no result.</summary>
    Failed,

    /// <summary>To the worker, last of a shard: it stopped as it was told.</summary>
    Stopped,
}
