namespace Pipeline.Benchmarks;

/// <summary>The benchmarks of this assembly.</summary>
public static class BenchmarkCatalog
{
    /// <param name="filter">A class name, or a part of one, in any case; null for all.</param>
    public static IReadOnlyList<IBenchmark> Find(string? filter)
    {
        var types = typeof(BenchmarkCatalog).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IBenchmark)) && !type.IsAbstract)
            .Where(type => filter is null || type.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .ToArray();
        var whole = types.Where(type => type.Name.Equals(filter, StringComparison.OrdinalIgnoreCase)).ToArray();
        return [.. (whole.Length > 0 ? whole : types).Select(type => (IBenchmark)Activator.CreateInstance(type)!)];
    }
}
