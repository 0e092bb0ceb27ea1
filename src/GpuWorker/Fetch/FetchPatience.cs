using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>A process that waits for an image is not to be taken for one that hangs.</summary>
internal sealed class FetchPatience(IOptions<WorkerOptions> worker) : IValidateOptions<FetchOptions>
{
    public ValidateOptionsResult Validate(string? name, FetchOptions options) =>
        options.Hosts.Count > 0 && options.Seconds >= worker.Value.HangSeconds
            ? ValidateOptionsResult.Fail($"Fetch:Seconds is {options.Seconds} and Worker:HangSeconds {worker.Value.HangSeconds}; give an image less time than a process that hangs.")
            : ValidateOptionsResult.Success;
}
