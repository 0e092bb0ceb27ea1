using System.Text.Json;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Verification;

/// <summary>Options under the names of scikit-image's <c>slic</c>.</summary>
internal static class SlicParameters
{
    private static readonly Dictionary<string, Func<SlicOptions, JsonElement, SlicOptions>> Known = new()
    {
        ["n_segments"] = (options, value) => options with { Segments = value.GetInt32() },
        ["compactness"] = (options, value) => options with { Compactness = value.GetDouble() },
        ["max_num_iter"] = (options, value) => options with { MaxIterations = value.GetInt32() },
        ["sigma"] = (options, value) => options with { Sigma = value.GetDouble() },
        ["spacing"] = (options, value) => options with { SpacingY = value[0].GetDouble(), SpacingX = value[1].GetDouble() },
        ["convert2lab"] = (options, value) => options with { ConvertToLab = value.GetBoolean() },
        ["enforce_connectivity"] = (options, value) => options with { EnforceConnectivity = value.GetBoolean() },
        ["min_size_factor"] = (options, value) => options with { MinSizeFactor = value.GetDouble() },
        ["max_size_factor"] = (options, value) => options with { MaxSizeFactor = value.GetDouble() },
        ["slic_zero"] = (options, value) => options with { SlicZero = value.GetBoolean() },
        ["start_label"] = (options, value) => options with { StartLabel = value.GetInt32() },
        // The image's shape says so already.
        ["channel_axis"] = (options, _) => options,
    };

    /// <exception cref="InvalidDataException">A name is unknown, or its value of the wrong kind.</exception>
    public static SlicOptions Read(JsonElement parameters)
    {
        var options = new SlicOptions();
        foreach (var parameter in parameters.EnumerateObject())
        {
            // Null is upstream's word for the default.
            if (parameter.Value.ValueKind == JsonValueKind.Null) continue;
            if (!Known.TryGetValue(parameter.Name, out var read))
                throw new InvalidDataException($"parameter '{parameter.Name}' is unknown; there are {string.Join(", ", Known.Keys)}");
            try
            {
                options = read(options, parameter.Value);
            }
            catch (Exception fault) when (fault is InvalidOperationException or FormatException or IndexOutOfRangeException)
            {
                throw new InvalidDataException($"parameter '{parameter.Name}' has the value {parameter.Value}, which is of the wrong kind", fault);
            }
        }

        return options;
    }
}
