using Npgsql;
using NpgsqlTypes;
using Pipeline.Contracts.Results;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Writes predictions by binary COPY into their job's partition.</summary>
internal static class PredictionCopy
{
    /// <param name="connection">With the transaction that also marks the shard done.</param>
    /// <param name="result">Checked: in manifest order and complete.</param>
    /// <param name="first">Position of the shard's first sample in the manifest.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, ShardResult result, long first, CancellationToken token)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"""
            COPY predictions_{result.Job:N} (job, position, expression, variant, sample, shard, fault, stage, reason, intersection, "union",
                visual_tokens, tokens, tflops, llm_milliseconds, total_milliseconds) FROM STDIN (FORMAT BINARY)
            """,
            token);
        var (position, sample) = (first - 1, default(string));
        foreach (var prediction in result.Predictions)
        {
            if (prediction.Sample != sample)
                (position, sample) = (position + 1, prediction.Sample);
            await WriteRowAsync(import, result, prediction, position, token);
        }

        await import.CompleteAsync(token);
    }

    private static async Task WriteRowAsync(NpgsqlBinaryImporter import, ShardResult result, Prediction prediction, long position, CancellationToken token)
    {
        await import.StartRowAsync(token);
        await import.WriteAsync(result.Job, NpgsqlDbType.Uuid, token);
        await import.WriteAsync(position, NpgsqlDbType.Bigint, token);
        await import.WriteAsync(prediction.Expression, NpgsqlDbType.Integer, token);
        await import.WriteAsync(prediction.Variant, NpgsqlDbType.Integer, token);
        await import.WriteAsync(prediction.Sample, NpgsqlDbType.Text, token);
        await import.WriteAsync(result.Shard, NpgsqlDbType.Integer, token);
        await WriteTextAsync(import, prediction.Failure?.Class.ToString().ToLowerInvariant(), token);
        await WriteTextAsync(import, prediction.Failure?.Stage, token);
        await WriteTextAsync(import, prediction.Failure?.Reason, token);
        await WriteCountAsync(import, prediction.Overlap?.Intersection, token);
        await WriteCountAsync(import, prediction.Overlap?.Union, token);
        await import.WriteAsync(prediction.VisualTokens.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, token);
        await import.WriteAsync(prediction.Tokens.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, token);
        await import.WriteAsync(prediction.Tflops, NpgsqlDbType.Double, token);
        await import.WriteAsync(prediction.LlmMilliseconds, NpgsqlDbType.Double, token);
        await import.WriteAsync(prediction.TotalMilliseconds, NpgsqlDbType.Double, token);
    }

    /// <summary>PostgreSQL's text has no NUL; a reason may carry one out of a damaged file.</summary>
    private static Task WriteTextAsync(NpgsqlBinaryImporter import, string? text, CancellationToken token) =>
        text is null ? import.WriteNullAsync(token) : import.WriteAsync(text.Replace('\0', '\uFFFD'), NpgsqlDbType.Text, token);

    private static Task WriteCountAsync(NpgsqlBinaryImporter import, long? count, CancellationToken token) =>
        count is null ? import.WriteNullAsync(token) : import.WriteAsync(count.Value, NpgsqlDbType.Bigint, token);
}
