using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;

try
{
    await using var worker = WorkerHost.Build(args);
    await worker.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
    {
        await Console.Error.WriteLineAsync(failure);
    }

    return 2;
}
