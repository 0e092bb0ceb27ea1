using Microsoft.Extensions.Options;
using Pipeline.Contracts.Files;
using Pipeline.Orchestrator.Api.Keys;

namespace Pipeline.Orchestrator.Api;

/// <summary>Refuses to start where the API would be open to others, or its keys or data folders are wrong.</summary>
internal sealed class ApiOptionsCheck(IConfiguration configuration) : IValidateOptions<ApiOptions>, IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options) => options.KeysFile is { } file ? Keys(file) : LoopbackOnly();

    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        try
        {
            _ = new DataRoots(options.Roots);
            var missing = options.Roots.Where(root => !Directory.Exists(root)).ToArray();
            return missing.Length == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Data:Roots names {string.Join(" and ", missing)}, which is no folder; give folders that are there.");
        }
        catch (InvalidDataException fault)
        {
            return ValidateOptionsResult.Fail($"Data:Roots: {fault.Message}");
        }
    }

    private static ValidateOptionsResult Keys(string file)
    {
        try
        {
            KeyFile.Read(file);
            return ValidateOptionsResult.Success;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"Api:KeysFile: {fault.Message}");
        }
    }

    private ValidateOptionsResult LoopbackOnly()
    {
        var beyond = Loopback.Loopback.AddressesBeyond(configuration).ToArray();
        return beyond.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{string.Join(" and ", beyond)} can be reached from other machines, and there are no API keys. Make one with 'pipeline key create' and give its file as Api:KeysFile, or listen on 127.0.0.1.");
    }
}
