using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Children;
using Pipeline.GpuWorker.Hosting;

if (args is [InferenceChild.Argument, var socket])
{
    await InferenceChild.ServeAsync(socket);
    return 0;
}

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
