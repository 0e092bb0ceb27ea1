using System.IO.MemoryMappedFiles;

namespace Pipeline.Fuzzing.Children;

/// <summary>What a child has done, in a file that both it and its parent have mapped: it is still there when the child is not.</summary>
internal sealed class Scoreboard : IDisposable
{
    private const int Fields = 9;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public Scoreboard(string path)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, Fields * sizeof(long));
        view = file.CreateViewAccessor();
    }

    /// <summary>Number of the input that is being run, or is next.</summary>
    public long Current { get => Get(0); set => Set(0, value); }

    public long Accepted { get => Get(1); set => Set(1, value); }

    public long Refused { get => Get(2); set => Set(2, value); }

    public long Faults { get => Get(3); set => Set(3, value); }

    /// <summary>Processor time of the slowest input, and which it was.</summary>
    public long WorstTicks { get => Get(4); private set => Set(4, value); }

    public long SlowestInput { get => Get(5); private set => Set(5, value); }

    /// <summary>Allocated by the hungriest input, and which it was.</summary>
    public long WorstBytes { get => Get(6); private set => Set(6, value); }

    public long HungriestInput { get => Get(7); private set => Set(7, value); }

    /// <summary>The most the process ever had resident.</summary>
    public long PeakBytes { get => Get(8); set => Set(8, Math.Max(value, PeakBytes)); }

    /// <param name="isWarm">False for inputs that pay for compiling the code: their time says nothing.</param>
    public void Count(long number, long ticks, long bytes, bool isWarm)
    {
        if (isWarm && ticks > WorstTicks)
            (WorstTicks, SlowestInput) = (ticks, number);
        if (isWarm && bytes > WorstBytes)
            (WorstBytes, HungriestInput) = (bytes, number);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    private long Get(int field) => view.ReadInt64(field * sizeof(long));

    private void Set(int field, long value) => view.Write(field * sizeof(long), value);
}
