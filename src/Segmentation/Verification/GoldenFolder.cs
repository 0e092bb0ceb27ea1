using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>The folder of one group, and the rows that come of it. Owns what it opens.</summary>
public sealed class GoldenFolder : IDisposable
{
    private readonly List<VerificationRow> rows;
    private readonly Dictionary<string, Checkpoint> files;
    private readonly string source;

    internal GoldenFolder(string group, string path, Device device, ScalarType dtype)
        : this(group, path, device, dtype, "", [], [])
    {
    }

    private GoldenFolder(string group, string path, Device device, ScalarType dtype, string source, List<VerificationRow> rows, Dictionary<string, Checkpoint> files)
    {
        (Group, Path, Device, Dtype) = (group, path, device, dtype);
        (this.source, this.rows, this.files) = (source, rows, files);
    }

    /// <summary>Name of the group.</summary>
    public string Group { get; }

    public string Path { get; }

    /// <summary>Where models run.</summary>
    public Device Device { get; }

    /// <summary>Type of weights and activations.</summary>
    public ScalarType Dtype { get; }

    public IReadOnlyList<VerificationRow> Rows => rows;

    /// <summary>The same folder, rows and files, for tensors computed in another way: its rows are named <c>source/tensor</c>.</summary>
    internal GoldenFolder From(string source) => new(Group, Path, Device, Dtype, $"{source}/", rows, files);

    /// <summary>Path of a file of the group.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Weights for a model, on its device and of its type.</summary>
    /// <param name="name">File or folder within the group.</param>
    public Checkpoint Weights(string name = "model.safetensors") => Open(name, Device, Dtype);

    /// <summary>Expected tensors, on the CPU, floating ones in float64, which holds every type exactly.</summary>
    public Checkpoint Expected(string name = "io.safetensors") => Open(name, CPU, ScalarType.Float64);

    /// <summary>A tensor as input for a model: on its device, floating ones of its type.</summary>
    /// <param name="tensor">Name in <paramref name="file"/>.</param>
    public Tensor Input(string tensor, string file = "io.safetensors")
    {
        var value = Expected(file).Weights.Get(tensor);
        return IsFloating(value) ? value.to(Dtype, Device) : value.to(Device);
    }

    /// <summary>Names of a series in ascending order of its numbers: <c>hidden_states.*</c> gives <c>hidden_states.0</c>, <c>hidden_states.1</c>, ...</summary>
    /// <param name="pattern">Name with <c>*</c> for each number.</param>
    /// <returns>Names with their numbers; where there are none, a failed row says so.</returns>
    public IReadOnlyList<(string Name, IReadOnlyList<int> Numbers)> Series(string pattern, string file = "io.safetensors")
    {
        var series = GoldenSeries.Find(Expected(file).Names, pattern);
        if (series.Count == 0) Fail(pattern, $"{File(file)} holds no tensor of this series");
        return series;
    }

    /// <summary>Makes a row of a computed and an expected tensor.</summary>
    /// <param name="tensor">Name of the expected one in <paramref name="file"/>.</param>
    /// <param name="tolerance">Largest absolute difference in float32, widened for smaller types; 0 for exact, whatever the type.</param>
    /// <param name="compute">Gives the computed one, on any device and of any type.</param>
    /// <param name="part">Takes from the expected one what the computed one stands for, such as real positions only.</param>
    public void Compare(string tensor, double tolerance, Func<Tensor> compute, Func<Tensor, Tensor>? part = null, string file = "io.safetensors") =>
        Guard([tensor], () =>
        {
            var whole = Expected(file).Weights.Get(tensor);
            var expected = part is null ? whole : part(whole);
            rows.Add(GoldenComparison.Of(Group, source + tensor, expected, compute().cpu(), tolerance, Dtype) with { Shape = whole.shape });
        });

    /// <summary>Makes a row of decisions taken on computed numbers, such as kept or generated tokens: exact in float32, only reported in smaller types.</summary>
    /// <param name="tensor">Name of the expected ones in <paramref name="file"/>.</param>
    /// <param name="compute">Gives the ones taken, on any device.</param>
    public void Decide(string tensor, Func<Tensor> compute, string file = "io.safetensors") =>
        Guard([tensor], () =>
        {
            var row = GoldenComparison.Of(Group, source + tensor, Expected(file).Weights.Get(tensor), compute().cpu(), 0, Dtype);
            rows.Add(row.Passed || !IsSmall ? row : row with { Passed = true, Message = $"{row.Message}; decisions are not held in {Dtype}" });
        });

    /// <summary>Makes a row of values that are no tensors, such as token ids or texts.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="expected">As the file has it.</param>
    /// <param name="compute">Gives the computed ones.</param>
    public void Equal<T>(string name, IReadOnlyList<T> expected, Func<IReadOnlyList<T>> compute) =>
        Guard([name], () =>
        {
            var actual = compute();
            var wrong = expected.Zip(actual).TakeWhile(pair => EqualityComparer<T>.Default.Equals(pair.First, pair.Second)).Count();
            var same = wrong == expected.Count && wrong == actual.Count;
            var message = same ? "" : $"differs at {wrong}: {At(actual, wrong)} instead of {At(expected, wrong)}";
            rows.Add(new VerificationRow(Group, source + name, [expected.Count], same ? 0 : null, 0, same, message));
        });

    /// <summary>Makes a row of numbers that are no tensor, such as metrics.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="tolerance">Largest absolute difference.</param>
    /// <param name="compute">Gives the computed ones.</param>
    public void Near(string name, double[] expected, double tolerance, Func<double[]> compute) =>
        Guard([name], () => rows.Add(GoldenComparison.Of(Group, name, tensor(expected), tensor(compute()), tolerance, ScalarType.Float64)));

    /// <summary>Makes a failed row.</summary>
    public void Fail(string tensor, string message) =>
        rows.Add(new VerificationRow(Group, source + tensor, [], null, 0, false, message.Trim().ReplaceLineEndings(" ")));

    /// <summary>Runs a part of the group in a dispose scope; what it throws becomes a failed row for each of its tensors that has none yet.</summary>
    /// <param name="tensors">The expected tensors the part checks.</param>
    public void Guard(IEnumerable<string> tensors, Action part)
    {
        try
        {
            using var scope = NewDisposeScope();
            part();
        }
#pragma warning disable CA1031 // Damaged files fail in many ways, and each is a failed row.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var seen = rows.Select(row => row.Tensor).ToHashSet();
            foreach (var tensor in tensors.Where(tensor => !seen.Contains(source + tensor)).ToList()) Fail(tensor, exception.Message);
        }
    }

    public void Dispose()
    {
        foreach (var file in files.Values) file.Dispose();
    }

    private static string At<T>(IReadOnlyList<T> values, int index) => index < values.Count ? $"{values[index]}" : "nothing";

    private bool IsSmall => Dtype is ScalarType.Float16 or ScalarType.BFloat16;

    private static bool IsFloating(Tensor tensor) => tensor.dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;

    private Checkpoint Open(string name, Device device, ScalarType dtype)
    {
        var key = $"{name} {device} {dtype}";
        if (!files.TryGetValue(key, out var file)) files[key] = file = Checkpoint.Open(File(name), device, dtype);
        return file;
    }
}
