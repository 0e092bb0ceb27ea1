using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Inference;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Runs the model over one sample: encode once, then every variant over all expressions as one batch. Runs on the inference thread.</summary>
/// <param name="model">The model.</param>
/// <param name="job">What the job says about the model: whether answers are forced or generated.</param>
/// <param name="variants">In the job's order.</param>
/// <param name="shown">Ids of samples whose kept tokens are recorded.</param>
/// <param name="clock">For times.</param>
/// <param name="watch">Told of each step.</param>
internal sealed class SampleInference(
    IImageModel model, ModelSpec job, IReadOnlyList<IPruningMethod> variants, IReadOnlyCollection<string> shown, TimeProvider clock, IInferenceWatch watch)
{
    /// <param name="cancelled">Looked at between variants.</param>
    public InferredSample Run(DecodedSample sample, CancellationToken cancelled)
    {
        var outcomes = sample.Part.Expressions.Select(_ => new Outcome[variants.Count]).ToArray();
        var runnable = Refuse(sample, outcomes);
        var shared = sample.Milliseconds;
        if (runnable.Length > 0)
        {
            cancelled.ThrowIfCancellationRequested();
            shared += Infer(sample, runnable, outcomes, cancelled);
        }

        return new InferredSample(sample, outcomes, shared);
    }

    /// <summary>Fails what has no image or no readable truth.</summary>
    /// <returns>Indices of the expressions that remain.</returns>
    private static int[] Refuse(DecodedSample sample, Outcome[][] outcomes)
    {
        var runnable = new List<int>();
        for (var expression = 0; expression < outcomes.Length; expression++)
        {
            if ((sample.Failure ?? sample.Truths[expression].Failure) is { } failure)
            {
                Array.Fill(outcomes[expression], new Outcome(null, failure));
            }
            else
            {
                runnable.Add(expression);
            }
        }

        return [.. runnable];
    }

    /// <returns>Milliseconds of the encoding.</returns>
    private double Infer(DecodedSample sample, int[] runnable, Outcome[][] outcomes, CancellationToken cancelled)
    {
        var started = clock.GetTimestamp();
        IEncodedImage encoded;
        try
        {
            encoded = model.Encode(sample.Image!);
        }
        catch (Exception fault) when (InferenceFault.ClassOf(fault) == FaultClass.Poison)
        {
            foreach (var expression in runnable)
            {
                Array.Fill(outcomes[expression], Failed(sample.Part.Sample, "encode", fault));
            }

            return 0;
        }

        using (encoded)
        {
            var elapsed = clock.GetElapsedTime(started);
            watch.Took("encode", elapsed);
            for (var variant = 0; variant < variants.Count; variant++)
            {
                cancelled.ThrowIfCancellationRequested();
                Segment(encoded, sample.Part, runnable, variant, outcomes);
            }

            return elapsed.TotalMilliseconds;
        }
    }

    /// <summary>Halves a batch that does not fit in memory, and one that holds an expression the model cannot bear, until the rest has run.</summary>
    private void Segment(IEncodedImage encoded, SamplePart sample, ReadOnlySpan<int> batch, int variant, Outcome[][] outcomes)
    {
        if (TrySegment(encoded, sample, batch, variant, outcomes))
        {
            return;
        }

        var half = (batch.Length + 1) / 2;
        Segment(encoded, sample, batch[..half], variant, outcomes);
        Segment(encoded, sample, batch[half..], variant, outcomes);
    }

    /// <returns>False when the batch must be halved.</returns>
    private bool TrySegment(IEncodedImage encoded, SamplePart sample, ReadOnlySpan<int> batch, int variant, Outcome[][] outcomes)
    {
        var expressions = new Expression[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            expressions[i] = sample.Expressions[batch[i]];
        }

        try
        {
            var trace = shown.Contains(sample.Sample.Id) ? new PruningTrace() : null;
            var outputs = job.Generates
                ? encoded.Generate(expressions, variants[variant], job.MaxNewTokens ?? ModelSpec.DefaultNewTokens, trace)
                : encoded.Segment(expressions, variants[variant], trace);
            for (var i = 0; i < batch.Length; i++)
            {
                outcomes[batch[i]][variant] = new Outcome(outputs[i], null);
            }

            watch.Took("language", TimeSpan.FromMilliseconds(outputs.Sum(output => output.LlmMilliseconds)));
            watch.Took("mask", TimeSpan.FromMilliseconds(outputs.Sum(output => output.MaskMilliseconds)));
            return true;
        }
        catch (Exception fault) when (expressions.Length > 1 && InferenceFault.ClassOf(fault) is (FaultClass.Capacity or FaultClass.Poison))
        {
            return false;
        }
        catch (Exception fault) when (InferenceFault.ClassOf(fault) == FaultClass.Poison)
        {
            outcomes[batch[0]][variant] = Failed(sample.Sample, "language", fault);
            return true;
        }
    }

    private static Outcome Failed(Sample sample, string stage, Exception fault) =>
        new(null, new PredictionFailure(FaultClass.Poison, stage, $"{sample.Image.Describe() ?? sample.Id}: {fault.Message}"));
}
