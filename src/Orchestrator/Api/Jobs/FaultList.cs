using System.Globalization;
using System.Text.Json;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Problems;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Lists what went wrong with a job, in parts.</summary>
internal sealed class FaultList(JobFaults faults)
{
    private const int Most = 1000;

    public async Task<FaultPage> ReadAsync(Guid job, int? limit, string? after, CancellationToken token)
    {
        if (limit is < 1 or > Most)
            throw RequestFault.Wrong("limit", string.Create(CultureInfo.InvariantCulture, $"is {limit}; use 1 to {Most}"));
        var from = 0;
        if (after is not null && !int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            throw RequestFault.Wrong("after", "is no place in this list; use what 'next' said");
        var all = await faults.ListAsync(job, token);
        var part = all.Skip(from).Take(limit ?? 100).Select(Entry).ToArray();
        var next = from + part.Length;
        return new FaultPage(part, next < all.Count ? next.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static FaultEntry Entry(FaultRecord fault) => new()
    {
        Kind = JsonNamingPolicy.CamelCase.ConvertName(fault.Kind.ToString()),
        At = fault.At,
        Shard = fault.Shard,
        Attempt = fault.Attempt,
        Worker = fault.Worker,
        Sample = fault.Sample,
        Expression = fault.Expression,
        Variant = fault.Variant,
        Stage = fault.Stage,
        Reason = fault.Reason,
    };
}
