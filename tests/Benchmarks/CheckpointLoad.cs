using System.Diagnostics;
using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>Loading weights beside reading their file: what a start of a worker waits for, once the disk is fast.</summary>
public sealed class CheckpointLoad : IBenchmark
{
    private const int Rounds = 5, Layers = 2, Width = 4096, Inner = 11008, HeadRows = 23_254;
    private const int BufferBytes = 4 << 20;

    public string Description => $"1 GB of bfloat16 in the page cache ({Layers} decoder layers of LISA-7B and most of its output head), ways by turns; {Rounds} rounds after one to warm up";

    public void Run(BenchmarkSession session)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-benchmark").FullName;
        try
        {
            Measure(session, Write(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(BenchmarkSession session, string file)
    {
        var bytes = new FileInfo(file).Length;
        (string Name, Action Act)[] ways =
        [
            ("read the file raw, one buffer again and again", () => ReadRaw(file)),
            ("read the file raw into fresh memory", () => ReadFresh(file)),
            ("load as bfloat16", () => Load(file, ScalarType.BFloat16)),
            ("load as float32", () => Load(file, ScalarType.Float32)),
        ];
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                ways[i].Act();
                if (round >= 0) times[i].Add(bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
            }
        }

        for (var i = 0; i < ways.Length; i++)
            session.Record(ways[i].Name, "GB/s", times[i]);
        foreach (var (way, name) in ((int, string)[])[(2, "bfloat16"), (3, "float32")])
        {
            // Speeds of one round are compared with each other: the machine's other work changes from round to round.
            session.Record($"load as {name} / read raw, one buffer", "x", times[way].Zip(times[0], (load, raw) => load / raw).ToArray());
            session.Record($"load as {name} / read raw, fresh memory", "x", times[way].Zip(times[1], (load, raw) => load / raw).ToArray());
        }

        session.Record("load as bfloat16: peak memory above its tensors", "MB", PeakAbove(file, ScalarType.BFloat16, bytes));
        session.Record("load as float32: peak memory above its tensors", "MB", PeakAbove(file, ScalarType.Float32, 2 * bytes));
    }

    private static void Load(string file, ScalarType dtype)
    {
        using var checkpoint = Checkpoint.Open(file, CPU, dtype);
        foreach (var name in checkpoint.Names)
            checkpoint.Weights.Get(name);
    }

    private static void ReadRaw(string file)
    {
        using var handle = File.OpenHandle(file);
        var buffer = new byte[BufferBytes];
        for (var position = 0L; RandomAccess.Read(handle, buffer, position) is > 0 and var read; position += read)
        {
        }
    }

    /// <summary>As numpy.fromfile does it.</summary>
    private static void ReadFresh(string file)
    {
        using var handle = File.OpenHandle(file);
        using var memory = empty(RandomAccess.GetLength(handle), ScalarType.Byte);
        var position = 0;
        while (RandomAccess.Read(handle, memory.bytes[position..], position) is > 0 and var read)
            position += read;
    }

    /// <summary>The process's largest resident memory during a load, less what it had before and what the tensors take.</summary>
    private static double PeakAbove(string file, ScalarType dtype, long tensorBytes)
    {
        GC.Collect();
        var before = Status("VmRSS:");
        // proc(5), clear_refs: 5 begins the peak anew.
        File.WriteAllText("/proc/self/clear_refs", "5");
        Load(file, dtype);
        return (Status("VmHWM:") - before - tensorBytes) / 1e6;
    }

    private static long Status(string field) =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;

    private static string Write(string folder)
    {
        var file = Path.Combine(folder, "model.safetensors");
        var random = new Random(1);
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var name in (string[])["q_proj", "k_proj", "v_proj", "o_proj"])
                tensors[$"model.layers.{layer}.self_attn.{name}.weight"] = Bits(Width, Width);
            foreach (var name in (string[])["gate_proj", "up_proj"])
                tensors[$"model.layers.{layer}.mlp.{name}.weight"] = Bits(Inner, Width);
            tensors[$"model.layers.{layer}.mlp.down_proj.weight"] = Bits(Width, Inner);
        }

        tensors["lm_head.weight"] = Bits(HeadRows, Width);
        SafetensorsWriter.Write(file, tensors);
        return file;

        Tensor Bits(long rows, long columns)
        {
            var tensor = empty([rows, columns], ScalarType.BFloat16);
            random.NextBytes(tensor.bytes);
            return tensor;
        }
    }
}
