using static TorchSharp.torch;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>The weights of a model on disk, read tensor by tensor when asked for; owns every tensor it gave out.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
public sealed class Checkpoint : IDisposable
{
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
    public static Checkpoint Open(string fileOrFolder, Device device, ScalarType dtype) => Open(fileOrFolder, device, dtype, fault => throw fault);

    /// <summary>Opens what there is of a checkpoint, to describe it: damaged and missing files are reported and left out.</summary>
    /// <param name="fileOrFolder">As for the other.</param>
    /// <param name="report">Told each fault.</param>
    internal static Checkpoint OpenWhatThereIs(string fileOrFolder, Action<CheckpointException> report) => Open(fileOrFolder, CPU, ScalarType.Float32, report);

    /// <summary>The weight files of a folder that <see cref="Open(string, Device, ScalarType)"/> reads, ordinal order.</summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static IReadOnlyList<string> WeightFiles(string folder) => CheckpointFiles.Find(folder, fault => throw fault).Paths;

    public void Dispose()
    {
        loaded.Values.Concat(kept).ToList().ForEach(tensor => tensor.Dispose());
        loaded.Clear();
        kept.Clear();
        files.ForEach(file => file.Dispose());
        files.Clear();
    }

    internal bool Has(string name) => entries.ContainsKey(name);

    internal bool IsFloating(string name) => SafetensorsDtype.IsFloating(Find(name).Entry.Dtype);

    internal IReadOnlyList<long> ShapeOf(string name) => Find(name).Entry.Shape;

    /// <summary>Its weight files.</summary>
    internal IReadOnlyList<TensorFile> Files => files;

    /// <summary>An index says which file each tensor is in.</summary>
    internal bool HasIndex { get; private set; }

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
            loaded[name] = tensor = TensorReader.Read(file, entry, dtype, device);
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

    private static Checkpoint Open(string fileOrFolder, Device device, ScalarType dtype, Action<CheckpointException> report)
    {
        var checkpoint = new Checkpoint(fileOrFolder, device, dtype);
        try
        {
            if (Directory.Exists(fileOrFolder))
                checkpoint.AddFolder(fileOrFolder, report);
            else
                checkpoint.AddFile(fileOrFolder, report);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private void AddFolder(string folder, Action<CheckpointException> report)
    {
        var found = CheckpointFiles.Find(folder, report);
        HasIndex = found.Index is not null;
        if (found.Paths.Where(path => !File.Exists(path)).Select(path => System.IO.Path.GetFileName(path)).ToList() is [_, ..] missing)
            report(new CheckpointException($"{found.Index}: {(missing.Count == 1 ? "a file of this checkpoint is" : $"{missing.Count} files of this checkpoint are")} missing: {FaultList.Of(missing)}"));
        foreach (var path in found.Paths.Where(File.Exists))
            AddFile(path, report);
        var opened = files.Select(file => System.IO.Path.GetFileName(file.Path)).ToHashSet();
        var misplaced = found.Map
            .Where(pair => opened.Contains(pair.Value) && (!entries.TryGetValue(pair.Key, out var entry) || System.IO.Path.GetFileName(entry.File.Path) != pair.Value))
            .Select(pair => $"tensor '{pair.Key}' is not in {pair.Value}")
            .ToList();
        if (misplaced.Count > 0)
            report(new CheckpointException($"{found.Index}: {FaultList.Of(misplaced)}"));
    }

    private void AddFile(string path, Action<CheckpointException> report)
    {
        TensorFile file;
        try
        {
            file = TensorFile.Open(path, report);
        }
        catch (CheckpointException fault)
        {
            report(fault);
            return;
        }

        files.Add(file);
        foreach (var entry in file.Entries)
        {
            if (!entries.TryAdd(entry.Name, (file, entry)))
                report(new CheckpointException($"{path}: tensor '{entry.Name}' is also in {entries[entry.Name].File.Path}"));
        }
    }

    private (TensorFile File, TensorEntry Entry) Find(string name) =>
        entries.TryGetValue(name, out var found) ? found : throw new CheckpointException($"{Path}: there is no tensor '{name}'");
}
