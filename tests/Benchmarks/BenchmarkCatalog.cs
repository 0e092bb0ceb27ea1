namespace Pipeline.Benchmarks;

/// <summary>The benchmarks of this assembly.</summary>
public static class BenchmarkCatalog
{
    /// <param name="filter">A part of the class name, in any case; null for all.</param>
    public static IReadOnlyList<IBenchmark> Find(string? filter) =>
    [
        .. typeof(BenchmarkCatalog).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IBenchmark)) && !type.IsAbstract)
            .Where(type => filter is null || type.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (IBenchmark)Activator.CreateInstance(type)!),
    ];
}
