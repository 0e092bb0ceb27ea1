using Pipeline.Evaluation.Statistics;

namespace Pipeline.Evaluation.Tests.Statistics;

public sealed class BootstrapWeightsTests
{
    [Fact]
    public void Weights_follow_from_the_id_and_never_change()
    {
        Weights("synthetic-7-000012", 16).ShouldBe([1, 0, 2, 1, 1, 1, 0, 1, 0, 2, 0, 0, 0, 1, 1, 4]);
        Weights("synthetic-7-000012", 8).ShouldBe(Weights("synthetic-7-000012", 16)[..8]);
        Weights("synthetic-7-000013", 64).ShouldNotBe(Weights("synthetic-7-000012", 64));
    }

    [Fact]
    public void Weights_are_Poisson_with_mean_one_over_samples_and_over_replicates()
    {
        const int Samples = 2000, Replicates = 400;
        var counts = new long[32];
        var perReplicate = new long[Replicates];
        for (var sample = 0; sample < Samples; sample++)
            foreach (var (replicate, weight) in Weights($"sample {sample}", Replicates).Index())
            {
                counts[weight]++;
                perReplicate[replicate] += weight;
            }

        var total = (double)Samples * Replicates;
        var probability = Math.Exp(-1);
        for (var weight = 0; weight < 6; probability /= ++weight)
            (counts[weight] / total).ShouldBe(probability, 5 * Math.Sqrt(probability / total), $"weight {weight}");
        var spread = perReplicate.Select(sum => Math.Pow((sum - Samples) / Math.Sqrt(Samples), 2)).Average();
        spread.ShouldBe(1, 0.3, "sums of replicates vary like sums of independent draws");
    }

    private static byte[] Weights(string sample, int replicates)
    {
        var weights = new byte[replicates];
        BootstrapWeights.Fill(sample, weights);
        return weights;
    }
}
