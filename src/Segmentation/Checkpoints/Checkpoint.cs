using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>The weights of a model on disk, read tensor by tensor when asked for; owns every tensor it gave out.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
public sealed class Checkpoint : IDisposable
{
    private const int StagingBytes = 1 << 20;

    private readonly List<TensorFile> files = [];
    private readonly Dictionary<string, (TensorFile File, TensorEntry Entry)> entries = [];
    private readonly Dictionary<string, Tensor> loaded = [];
    private readonly List<Tensor> kept = [];
    private readonly Device device;
    private readonly ScalarType dtype;

    private Checkpoint(string path, Device device, ScalarType dtype) => (Path, this.device, this.dtype) = (path, device, dtype);

    /// <summary>The file or folder it was opened from.</summary>
    public string Path { get; }

    /// <summary>All tensors, no prefix.</summary>
    public Weights Weights => new(this, "");

    /// <summary>Names of all tensors, ordinal order.</summary>
    public IReadOnlyList<string> Names => [.. entries.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Tensors nobody asked for, without those that upstream checkpoints carry for nothing (rotary tables, CLIP's text half, position ids).</summary>
    public IReadOnlyList<string> Unused => [.. Names.Where(name => !loaded.ContainsKey(name) && !IsCarriedForNothing(name))];

    /// <summary>
    /// Opens a weight file (safetensors, or PyTorch's <c>.bin</c>), or a folder with <c>model.safetensors.index.json</c>, <c>model.safetensors</c>,
    /// <c>pytorch_model.bin.index.json</c>, <c>pytorch_model.bin</c> or any <c>*.safetensors</c> (in this order).
    /// </summary>
    /// <param name="fileOrFolder">Path.</param>
    /// <param name="device">Where tensors go.</param>
    /// <param name="dtype">What floating tensors become; integers and booleans stay as they are.</param>
    /// <exception cref="CheckpointException">Something is missing or damaged.</exception>
    public static Checkpoint Open(string fileOrFolder, Device device, ScalarType dtype)
    {
        var checkpoint = new Checkpoint(fileOrFolder, device, dtype);
        try
        {
            if (Directory.Exists(fileOrFolder))
                checkpoint.Add(CheckpointFiles.Find(fileOrFolder));
            else
                checkpoint.Add(fileOrFolder);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The weight files of a folder that <see cref="Open"/> reads, ordinal order.</summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static IReadOnlyList<string> WeightFiles(string folder) => CheckpointFiles.Find(folder).Paths;

    public void Dispose()
    {
        loaded.Values.Concat(kept).ToList().ForEach(tensor => tensor.Dispose());
        loaded.Clear();
        kept.Clear();
        files.ForEach(file => file.Dispose());
        files.Clear();
    }

    internal bool Has(string name) => entries.ContainsKey(name);

    internal bool IsFloating(string name) => IsFloating(Find(name).Entry.Dtype);

    internal IReadOnlyList<long> ShapeOf(string name) => Find(name).Entry.Shape;

    /// <summary>All tensors where they lie, ordinal order of their names.</summary>
    internal IEnumerable<(TensorFile File, TensorEntry Entry)> Entries => entries.Values.OrderBy(pair => pair.Entry.Name, StringComparer.Ordinal);

    internal Tensor Get(string name, long[] shape)
    {
        var (file, entry) = Find(name);
        if (shape.Length > 0 && (shape.Length != entry.Shape.Count || shape.Zip(entry.Shape).Any(pair => pair.First != -1 && pair.First != pair.Second)))
        {
            var expected = string.Join(", ", shape.Select(size => size == -1 ? "any" : $"{size}"));
            throw new CheckpointException($"{Path}: tensor '{name}' has shape ({string.Join(", ", entry.Shape)}); expected ({expected})");
        }

        if (!loaded.TryGetValue(name, out var tensor))
            loaded[name] = tensor = Load(file, entry);
        return tensor;
    }

    internal Tensor Keep(Tensor tensor)
    {
        kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    internal static bool IsCarriedForNothing(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || name.EndsWith(".position_ids", StringComparison.Ordinal)
        || name.StartsWith("text_model.", StringComparison.Ordinal)
        || name is "text_projection.weight" or "visual_projection.weight" or "logit_scale";

    private void Add(CheckpointFiles found)
    {
        if (found.Paths.Where(path => !File.Exists(path)).Select(path => System.IO.Path.GetFileName(path)).ToList() is [_, ..] missing)
            throw new CheckpointException($"{found.Index}: {(missing.Count == 1 ? "a file of this checkpoint is" : $"{missing.Count} files of this checkpoint are")} missing: {FaultList.Of(missing)}");
        found.Paths.ToList().ForEach(Add);
        if (found.Index is null)
            return;
        var faults = ShardIndex.Read(found.Index)
            .Where(pair => !entries.TryGetValue(pair.Key, out var entry) || System.IO.Path.GetFileName(entry.File.Path) != pair.Value)
            .Select(pair => $"tensor '{pair.Key}' is not in {pair.Value}")
            .ToList();
        if (faults.Count > 0)
            throw new CheckpointException($"{found.Index}: {FaultList.Of(faults)}");
    }

    private void Add(string path)
    {
        var file = TensorFile.Open(path);
        files.Add(file);
        foreach (var entry in file.Entries)
        {
            if (!entries.TryAdd(entry.Name, (file, entry)))
                throw new CheckpointException($"{path}: tensor '{entry.Name}' is also in {entries[entry.Name].File.Path}");
        }
    }

    private (TensorFile File, TensorEntry Entry) Find(string name) =>
        entries.TryGetValue(name, out var found) ? found : throw new CheckpointException($"{Path}: there is no tensor '{name}'");

    private Tensor Load(TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var wanted = IsFloating(entry.Dtype) ? dtype : entry.Dtype;
        var result = empty([.. entry.Shape], wanted, device);
        if (entry.Strides is not null)
            Gather(result, file, entry);
        else if (wanted == entry.Dtype && device.type == DeviceType.CPU)
            ReadInto(result, file, entry, 0);
        else
            Convert(result, file, entry);
        return result.DetachFromDisposeScope();
    }

    /// <summary>Reads piece by piece: a piece is still in the processor's cache when it is converted or sent to the device.</summary>
    private static void Convert(Tensor result, TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var flat = result.view(-1);
        var total = flat.numel();
        var element = SafetensorsDtype.BytesOf(entry.Dtype);
        var staging = empty(Math.Min(total, StagingBytes / element), entry.Dtype);
        for (long start = 0; start < total; start += staging.numel())
        {
            var count = Math.Min(staging.numel(), total - start);
            using var piece = staging.narrow(0, 0, count);
            using var target = flat.narrow(0, start, count);
            ReadInto(piece, file, entry, start * element);
            if (entry.Dtype == ScalarType.BFloat16 && target.dtype == ScalarType.Float32 && target.device.type == DeviceType.CPU)
                BFloat16Widening.Widen(piece.bytes, target.bytes);
            else
                target.copy_(piece);
        }
    }

    /// <summary>Numbers that lie in another order than row-major.</summary>
    private static void Gather(Tensor result, TensorFile file, TensorEntry entry)
    {
        using var scope = NewDisposeScope();
        var stored = empty(entry.Length / SafetensorsDtype.BytesOf(entry.Dtype), entry.Dtype);
        ReadInto(stored, file, entry, 0);
        result.copy_(stored.as_strided([.. entry.Shape], [.. entry.Strides!]));
    }

    private static void ReadInto(Tensor contiguous, TensorFile file, TensorEntry entry, long start)
    {
        using var scope = NewDisposeScope();
        var flat = contiguous.view(-1);
        var element = SafetensorsDtype.BytesOf(entry.Dtype);
        // A span holds at most 2 GiB.
        var step = (1L << 30) / element;
        for (long first = 0; first < flat.numel(); first += step)
        {
            using var piece = flat.narrow(0, first, Math.Min(step, flat.numel() - first));
            file.Read(entry, start + (first * element), piece.bytes);
        }
    }

    private static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
}
