using Microsoft.Extensions.Hosting;

namespace Pipeline.Cli.Run;

/// <summary>Leaves Ctrl-C to the command: it decides what a run does when it is interrupted.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
