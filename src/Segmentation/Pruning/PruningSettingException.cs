using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>A setting does not fit the model or the other settings.</summary>
/// <param name="setting">Its name in a job file.</param>
/// <param name="fault">What is wrong and what would be right; reads on from the setting's name.</param>
public sealed class PruningSettingException(string setting, string fault) : ArgumentException($"{setting} {fault}")
{
    public string Setting { get; } = setting;

    public string Fault { get; } = fault;

    /// <param name="setting">Name of the setting.</param>
    /// <param name="layer">Its value.</param>
    /// <param name="least">Least index it may be.</param>
    /// <param name="model">Whose layers are meant.</param>
    /// <exception cref="PruningSettingException">The model has no such layer.</exception>
    public static void ThrowIfNoLayer(string setting, int layer, int least, ModelShape model)
    {
        if (layer < least || layer >= model.Layers)
            throw new PruningSettingException(setting, $"{layer} is {(layer < least ? $"below {least}" : $"beyond this model's {model.Layers} layers")}; use {least} to {model.Layers - 1}");
    }
}
