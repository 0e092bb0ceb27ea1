namespace Pipeline.Benchmarks;

/// <summary>Measures and collects. A sample repeats the call until it takes long enough for the clock.</summary>
public sealed class BenchmarkSession(TimeProvider time)
{
    private const int Samples = 15;
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(300);
    private readonly List<BenchmarkRow> rows = [];
    private string current = "";

    public IReadOnlyList<BenchmarkRow> Rows => rows;

    public void Run(IBenchmark benchmark)
    {
        current = benchmark.GetType().Name;
        benchmark.Run(this);
    }

    /// <summary>Times a call: microseconds below a millisecond, else milliseconds.</summary>
    public void Measure(string name, Action call)
    {
        var repetitions = WarmUp(call);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var elapsed = new double[Samples];
        for (var sample = 0; sample < Samples; sample++)
        {
            elapsed[sample] = Time(call, repetitions).TotalMicroseconds / repetitions;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Samples * repetitions);
        Array.Sort(elapsed);
        var (unit, scale) = elapsed[Samples / 2] < 1000 ? ("us", 1) : ("ms", 1000);
        rows.Add(new BenchmarkRow(
            current, name, unit, elapsed[Samples / 2] / scale, elapsed[0] / scale, elapsed[^1] / scale, Math.Round(allocated), Samples));
    }

    /// <summary>Records values that were found otherwise.</summary>
    public void Record(string name, string unit, params IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToList();
        rows.Add(new BenchmarkRow(current, name, unit, sorted[sorted.Count / 2], sorted[0], sorted[^1], null, sorted.Count));
    }

    private int WarmUp(Action call)
    {
        var start = time.GetTimestamp();
        var calls = 0;
        do
        {
            call();
            calls++;
        }
        while (time.GetElapsedTime(start) < WarmUpTime);

        return Math.Max(1, (int)(SampleTime / (time.GetElapsedTime(start) / calls)));
    }

    private TimeSpan Time(Action call, int repetitions)
    {
        var start = time.GetTimestamp();
        for (var i = 0; i < repetitions; i++)
        {
            call();
        }

        return time.GetElapsedTime(start);
    }
}
