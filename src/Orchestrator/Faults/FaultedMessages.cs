using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Faults;

/// <summary>Keeps messages that could not be handled. The same message twice is kept once.</summary>
internal sealed partial class FaultedMessages(IDbContextFactory<LedgerContext> ledgers, TimeProvider time, ILogger<FaultedMessages> log)
{
    private const int LongestBody = 64 * 1024;
    private const int LongestReason = 4000;

    /// <param name="queue">Where it came from.</param>
    /// <param name="body">As it came; job and shard are taken from it where they can be read.</param>
    public Task KeepAsync(string queue, string body, string reason, CancellationToken token)
    {
        var (job, shard) = About(body);
        return KeepAsync(new MessageFaulted(queue, job, shard, body, reason), token);
    }

    public async Task KeepAsync(MessageFaulted faulted, CancellationToken token)
    {
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{faulted.Queue}\n{faulted.Body}")).AsSpan(0, 16));
        var (body, reason, now) = (Text(faulted.Body, LongestBody), Text(faulted.Reason, LongestReason), time.GetUtcNow());
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await ledger.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO faults (id, queue, job, shard, body, reason, at) VALUES ({id}, {faulted.Queue}, {faulted.Job}, {faulted.Shard}, {body}, {reason}, {now})
            ON CONFLICT (id) DO NOTHING
            """,
            token);
        LogKept(faulted.Queue, faulted.Job, reason.ReplaceLineEndings(" "));
    }

    /// <summary>PostgreSQL's text has no NUL.</summary>
    private static string Text(string text, int longest) => (text.Length > longest ? text[..longest] : text).Replace('\0', '\uFFFD');

    /// <summary>MassTransit's envelope has the message inside.</summary>
    private static (Guid? Job, int? Shard) About(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var message = json.RootElement;
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("message", out var inner))
                message = inner;
            if (message.ValueKind != JsonValueKind.Object)
                return (null, null);
            Guid? job = message.TryGetProperty("job", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var found) ? found : null;
            int? shard = message.TryGetProperty("shard", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var number) ? number : null;
            return (job, shard);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message from {Queue}, job {Job}, could not be handled and is kept among the faults: {Reason}")]
    private partial void LogKept(string queue, Guid? job, string reason);
}
