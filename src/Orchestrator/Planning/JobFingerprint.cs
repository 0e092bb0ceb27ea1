using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Results;

namespace Pipeline.Orchestrator.Planning;

/// <summary>One hash for everything a job's numbers depend on: specification, manifest, weights and code.</summary>
/// <remarks>The job's id is not part of it: equal fingerprints are the same question asked twice.</remarks>
internal static class JobFingerprint
{
    /// <returns>SHA-256, lower-case hex.</returns>
    public static string Of(ResolvedJob job)
    {
        var content = new { job.Spec, job.ManifestHash, job.Model.WeightsHash, job.CodeVersion };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, ContractsJson.Options)));
    }
}
