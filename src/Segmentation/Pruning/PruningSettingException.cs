namespace Pipeline.Segmentation.Pruning;

/// <summary>A setting does not fit the model or the other settings.</summary>
/// <param name="setting">Its name in a job file.</param>
/// <param name="fault">What is wrong and what would be right; reads on from the setting's name.</param>
public sealed class PruningSettingException(string setting, string fault) : ArgumentException($"{setting} {fault}")
{
    public string Setting { get; } = setting;

    public string Fault { get; } = fault;
}
