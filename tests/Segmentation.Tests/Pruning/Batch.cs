using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

/// <summary>A right-padded batch of random embeddings and what stands where in it.</summary>
internal sealed record Batch(Tensor Embeddings, SequenceLayout Layout) : IDisposable
{
    /// <summary>Random shape: up to three sequences, prefix and suffixes of any length, one [SEG] near each end.</summary>
    public static Batch Random(LlamaModel model, int seed, int? sequences = null)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new System.Random(seed);
        var (start, visual) = (random.Next(0, 9), random.Next(2, 40));
        var rows = Enumerable.Range(0, sequences ?? random.Next(1, 4)).Select(_ =>
        {
            var length = start + visual + random.Next(3, 16);
            var instruction = random.Next(start + visual, length - 1);
            return new SequenceRow(length, instruction, [random.Next(instruction, length)]);
        }).ToArray();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var embeddings = randn([rows.Length, rows.Max(row => row.Length), model.Config.HiddenSize], generator: generator);
        return new Batch(embeddings.DetachFromDisposeScope(), new SequenceLayout(start, visual, rows));
    }

    /// <summary>One of its sequences, without padding.</summary>
    public Batch Alone(int sequence)
    {
        using var scope = NewDisposeScope();
        var row = Layout.Rows[sequence];
        var embeddings = Embeddings.narrow(0, sequence, 1).narrow(1, 0, row.Length);
        return new Batch(embeddings.clone().DetachFromDisposeScope(), Layout with { Rows = [row] });
    }

    public void Dispose() => Embeddings.Dispose();
}
