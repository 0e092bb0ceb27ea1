using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>What the ledger keeps of a job's model.</summary>
internal sealed class JobModels(IDbContextFactory<LedgerContext> ledgers)
{
    /// <returns>The model as it was when the job was submitted, and how many variants the job has.</returns>
    /// <exception cref="KeyNotFoundException">The ledger has no such job, or only one of an older version that kept no model.</exception>
    public async Task<(ModelDescription Model, int Variants)> ReadAsync(Guid job, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var model = await ledger.Jobs.Where(row => row.Id == job).Select(row => row.Model).SingleOrDefaultAsync(token)
            ?? throw new KeyNotFoundException($"The ledger has no job {job} with its model.");
        return (JsonSerializer.Deserialize<ModelDescription>(model, ContractsJson.Options)!, await ledger.Variants.CountAsync(row => row.Job == job, token));
    }
}
