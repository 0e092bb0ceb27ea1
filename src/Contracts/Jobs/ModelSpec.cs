namespace Pipeline.Contracts.Jobs;

/// <summary>Which model runs and how.</summary>
/// <param name="Checkpoint">Folder of a LISA checkpoint, absolute after reading.</param>
public sealed record ModelSpec(string Checkpoint)
{
    /// <summary><c>float32</c>, <c>bfloat16</c> or <c>float16</c>.</summary>
    public string Dtype { get; init; } = "float32";

    /// <summary><c>auto</c> (CUDA where there is one), <c>cpu</c> or <c>cuda</c>, <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary><c>forced</c>: the answer "[SEG]." is part of the prompt and one forward pass gives the mask, as LISA validates.</summary>
    public string Answer { get; init; } = "forced";
}
