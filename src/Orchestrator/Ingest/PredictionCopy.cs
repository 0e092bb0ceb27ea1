using Npgsql;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Writes predictions and partials by binary COPY.</summary>
/// <remarks>Only full buffers block, on a thread of the pool.</remarks>
internal static class PredictionCopy
{
    /// <summary>Into the job's partition.</summary>
    /// <param name="connection">With the transaction that also marks the shard done.</param>
    /// <param name="result">Checked: in manifest order and complete.</param>
    /// <param name="first">Position of the shard's first sample in the manifest.</param>
    public static Task WriteAsync(NpgsqlConnection connection, ShardResult result, long first, CancellationToken token) => Task.Run(
        () =>
        {
            using var copy = new BinaryCopy(
                connection,
                $"""
                predictions_{result.Job:N} (job, position, expression, variant, sample, shard, fault, stage, reason, intersection, "union",
                    visual_tokens, tokens, tflops, llm_milliseconds, total_milliseconds)
                """,
                columns: 16);
            var (position, sample) = (first - 1, default(string));
            foreach (var prediction in result.Predictions)
            {
                if (prediction.Sample != sample)
                {
                    token.ThrowIfCancellationRequested();
                    (position, sample) = (position + 1, prediction.Sample);
                }

                WriteRow(copy, result, prediction, position);
            }

            copy.Complete();
        },
        token);

    /// <param name="connection">With the transaction that also marks the shard done.</param>
    public static Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PartialRow> partials, CancellationToken token) => Task.Run(
        () =>
        {
            using var copy = new BinaryCopy(connection, "partials (job, shard, variant, predictions, failures, digest, content)", columns: 7);
            foreach (var partial in partials)
            {
                copy.StartRow();
                copy.Write(partial.Job);
                copy.Write(partial.Shard);
                copy.Write(partial.Variant);
                copy.Write(partial.Predictions);
                copy.Write(partial.Failures);
                copy.Write(partial.Digest);
                copy.Write(partial.Content);
            }

            copy.Complete();
        },
        token);

    private static void WriteRow(BinaryCopy copy, ShardResult result, Prediction prediction, long position)
    {
        copy.StartRow();
        copy.Write(result.Job);
        copy.Write(position);
        copy.Write(prediction.Expression);
        copy.Write(prediction.Variant);
        copy.Write(prediction.Sample);
        copy.Write(result.Shard);
        copy.Write(prediction.Failure?.Class.ToString().ToLowerInvariant());
        copy.Write(prediction.Failure?.Stage);
        copy.Write(prediction.Failure?.Reason);
        copy.Write(prediction.Overlap?.Intersection);
        copy.Write(prediction.Overlap?.Union);
        copy.Write(prediction.VisualTokens);
        copy.Write(prediction.Tokens);
        copy.Write(prediction.Tflops);
        copy.Write(prediction.LlmMilliseconds);
        copy.Write(prediction.TotalMilliseconds);
    }
}
