using System.CommandLine;
using System.Text.RegularExpressions;
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

    public static Device DeviceNamed(string name) => new(name == "auto" ? cuda.is_available() ? "cuda" : "cpu" : name);

    public static ScalarType DtypeNamed(string name) => Dtypes[name];

    [GeneratedRegex(@"^(auto|cpu|cuda(:[0-9]{1,3})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
