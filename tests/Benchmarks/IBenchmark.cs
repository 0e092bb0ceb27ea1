namespace Pipeline.Benchmarks;

/// <summary>One group of measurements. A class with a parameterless constructor is found and run by its name.</summary>
public interface IBenchmark
{
    /// <summary>What is measured and how, in one line.</summary>
    string Description { get; }

    /// <summary>Hands every measurement to <paramref name="session"/>.</summary>
    void Run(BenchmarkSession session);
}
