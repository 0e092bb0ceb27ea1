using Pipeline.Tests.Cluster;

namespace Pipeline.Chaos.Faults;

/// <summary>The process that runs the model is killed, its worker lives on.</summary>
internal sealed class InferenceKilled : IFault
{
    public string Name => "inference killed";

    public Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        var children = storm.Cluster.Workers.Where(worker => worker.IsRunning).SelectMany(worker => ProcessTree.Below(worker.Id)).ToList();
        if (children.Count == 0)
            return Task.FromResult(false);
        Signals.Kill(storm.Pick(children));
        return Task.FromResult(true);
    }
}
