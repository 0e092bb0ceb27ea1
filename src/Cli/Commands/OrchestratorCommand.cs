using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Pipeline.Cli.Help;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Hosting;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline orchestrator</c>: the orchestrator as this process, until it is told to stop.</summary>
public static class OrchestratorCommand
{
    public static Command Create(IModelCatalog catalog)
    {
        var settings = new Argument<string[]>("settings") { HelpName = "[--NAME=VALUE ...]", Description = "Settings, such as --Broker:Uri=amqp://...; secrets belong in the environment (Broker__Uri).", Arity = ArgumentArity.ZeroOrMore };
        var command = new DocumentedCommand("orchestrator", "Run an orchestrator as this process, over servers named in the environment.")
        {
            Group = "Servers",
            Examples = ["Broker__Uri=amqp://... Ledger__Connection=... Artifacts__Folder=/mnt/artifacts pipeline orchestrator --urls=http://127.0.0.1:5080"],
            TreatUnmatchedTokensAsErrors = false,
        };
        command.Arguments.Add(settings);
        command.SetAction((line, token) => ExecuteAsync([.. line.GetValue(settings) ?? [], .. line.UnmatchedTokens], catalog, line.InvocationConfiguration.Error, token));
        return command;
    }

    private static async Task<int> ExecuteAsync(string[] arguments, IModelCatalog catalog, TextWriter error, CancellationToken token)
    {
        try
        {
            await using var orchestrator = OrchestratorHost.Build(arguments, catalog);
            await orchestrator.StartAsync(token);
            await orchestrator.WaitForShutdownAsync(token);
            return ExitCode.Ok;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures)
                await error.WriteLineAsync(failure);
            return ExitCode.BadInput;
        }
        catch (NpgsqlException away)
        {
            await error.WriteLineAsync($"error: the ledger cannot be used: {away.Message}");
            return ExitCode.Failed;
        }
    }
}
