using System.CommandLine;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Cli.Commands;

/// <summary>Where a command computes and in what, the same for all that do.</summary>
internal static partial class ComputeOptions
{
    private static readonly Dictionary<string, ScalarType> Dtypes = new()
    {
        ["float32"] = ScalarType.Float32,
        ["bfloat16"] = ScalarType.BFloat16,
        ["float16"] = ScalarType.Float16,
        ["float64"] = ScalarType.Float64,
    };

    public static IReadOnlyCollection<string> DtypeNames => Dtypes.Keys;

    /// <returns><c>--device</c>.</returns>
    public static Option<string> Device()
    {
        var device = new Option<string>("--device") { HelpName = "D", Description = "cpu, cuda, cuda:N or auto. Default cpu.", DefaultValueFactory = _ => "cpu" };
        device.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !DeviceName().IsMatch(token.Value))
                result.AddError($"--device {token.Value} is not a device; use cpu, cuda, cuda:N or auto");
        });
        return device;
    }

    /// <returns><c>--dtype</c>.</returns>
    public static Option<string> Dtype()
    {
        var dtype = new Option<string>("--dtype") { HelpName = "T", Description = $"{string.Join(", ", Dtypes.Keys)}. Default float32.", DefaultValueFactory = _ => "float32" };
        dtype.AcceptOnlyFromAmong([.. Dtypes.Keys]);
        return dtype;
    }

    /// <exception cref="ArgumentException">It asks for CUDA and there is none, or no such device.</exception>
    public static Device DeviceNamed(string name)
    {
        if (name == "auto") return cuda.is_available() ? CUDA : CPU;
        var device = new Device(name);
        if (device.type != DeviceType.CUDA) return device;
        if (!cuda.is_available())
            throw new ArgumentException($"--device {name}: libtorch {__version__} has no CUDA here, or finds no CUDA device; use cpu or auto");
        if (device.index >= cuda.device_count())
            throw new ArgumentException($"--device {name}: there are {cuda.device_count()} CUDA devices; the last is cuda:{cuda.device_count() - 1}");
        return device;
    }

    public static ScalarType DtypeNamed(string name) => Dtypes[name];

    [GeneratedRegex(@"^(auto|cpu|cuda(:[0-9]{1,3})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
