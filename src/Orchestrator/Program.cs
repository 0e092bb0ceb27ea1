using Microsoft.Extensions.Options;
using Npgsql;
using Pipeline.Orchestrator.Hosting;

try
{
    await using var orchestrator = OrchestratorHost.Build(args);
    await orchestrator.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
        await Console.Error.WriteLineAsync(failure);
    return 2;
}
catch (NpgsqlException away)
{
    await Console.Error.WriteLineAsync($"The ledger cannot be used: {away.Message}");
    return 1;
}
