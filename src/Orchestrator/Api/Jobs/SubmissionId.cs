using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Problems;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>The id of a job that is submitted. With an idempotency key it follows from that and from who asks, so that a request sent twice makes one job.</summary>
internal static class SubmissionId
{
    private const int LongestKey = 200;
    private const int Version = 8;

    public static Guid Of(string? idempotencyKey, string by, TimeProvider time)
    {
        if (idempotencyKey is null)
            return Guid.CreateVersion7(time.GetUtcNow());
        if (idempotencyKey.Length is 0 or > LongestKey || !idempotencyKey.All(letter => letter is > ' ' and <= '~'))
            throw RequestFault.Wrong(ApiRoutes.IdempotencyKey, $"must be 1 to {LongestKey} visible ASCII characters");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes($"{by}\n{idempotencyKey}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | (Version << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
