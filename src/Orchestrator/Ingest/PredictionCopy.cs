using Npgsql;
using NpgsqlTypes;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Writes predictions and partials by binary COPY.</summary>
/// <remarks>Columns are written without waiting, several times as fast as asynchronously; only full buffers block, on a thread of the pool.</remarks>
internal static class PredictionCopy
{
    /// <summary>Into the job's partition.</summary>
    /// <param name="connection">With the transaction that also marks the shard done.</param>
    /// <param name="result">Checked: in manifest order and complete.</param>
    /// <param name="first">Position of the shard's first sample in the manifest.</param>
    public static Task WriteAsync(NpgsqlConnection connection, ShardResult result, long first, CancellationToken token) => Task.Run(
        () =>
        {
            using var import = connection.BeginBinaryImport(
                $"""
                COPY predictions_{result.Job:N} (job, position, expression, variant, sample, shard, fault, stage, reason, intersection, "union",
                    visual_tokens, tokens, tflops, llm_milliseconds, total_milliseconds) FROM STDIN (FORMAT BINARY)
                """);
            var (position, sample) = (first - 1, default(string));
            foreach (var prediction in result.Predictions)
            {
                if (prediction.Sample != sample)
                {
                    token.ThrowIfCancellationRequested();
                    (position, sample) = (position + 1, prediction.Sample);
                }

                WriteRow(import, result, prediction, position);
            }

            import.Complete();
        },
        token);

    /// <param name="connection">With the transaction that also marks the shard done.</param>
    public static Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PartialRow> partials, CancellationToken token) => Task.Run(
        () =>
        {
            using var import = connection.BeginBinaryImport("COPY partials (job, shard, variant, predictions, failures, digest, content) FROM STDIN (FORMAT BINARY)");
            foreach (var partial in partials)
            {
                import.StartRow();
                import.Write(partial.Job, NpgsqlDbType.Uuid);
                import.Write(partial.Shard, NpgsqlDbType.Integer);
                import.Write(partial.Variant, NpgsqlDbType.Integer);
                import.Write(partial.Predictions, NpgsqlDbType.Bigint);
                import.Write(partial.Failures, NpgsqlDbType.Bigint);
                import.Write(partial.Digest, NpgsqlDbType.Bytea);
                import.Write(partial.Content, NpgsqlDbType.Bytea);
            }

            import.Complete();
        },
        token);

    private static void WriteRow(NpgsqlBinaryImporter import, ShardResult result, Prediction prediction, long position)
    {
        import.StartRow();
        import.Write(result.Job, NpgsqlDbType.Uuid);
        import.Write(position, NpgsqlDbType.Bigint);
        import.Write(prediction.Expression, NpgsqlDbType.Integer);
        import.Write(prediction.Variant, NpgsqlDbType.Integer);
        import.Write(prediction.Sample, NpgsqlDbType.Text);
        import.Write(result.Shard, NpgsqlDbType.Integer);
        WriteText(import, prediction.Failure?.Class.ToString().ToLowerInvariant());
        WriteText(import, prediction.Failure?.Stage);
        WriteText(import, prediction.Failure?.Reason);
        WriteCount(import, prediction.Overlap?.Intersection);
        WriteCount(import, prediction.Overlap?.Union);
        import.Write(prediction.VisualTokens as int[] ?? [.. prediction.VisualTokens], NpgsqlDbType.Array | NpgsqlDbType.Integer);
        import.Write(prediction.Tokens as int[] ?? [.. prediction.Tokens], NpgsqlDbType.Array | NpgsqlDbType.Integer);
        import.Write(prediction.Tflops, NpgsqlDbType.Double);
        import.Write(prediction.LlmMilliseconds, NpgsqlDbType.Double);
        import.Write(prediction.TotalMilliseconds, NpgsqlDbType.Double);
    }

    /// <summary>PostgreSQL's text has no NUL; a reason may carry one out of a damaged file.</summary>
    private static void WriteText(NpgsqlBinaryImporter import, string? text)
    {
        if (text is null)
            import.WriteNull();
        else
            import.Write(text.Replace('\0', '\uFFFD'), NpgsqlDbType.Text);
    }

    private static void WriteCount(NpgsqlBinaryImporter import, long? count)
    {
        if (count is null)
            import.WriteNull();
        else
            import.Write(count.Value, NpgsqlDbType.Bigint);
    }
}
