namespace Pipeline.GpuWorker.Children;

/// <summary>How a child ended.</summary>
/// <param name="How">Such as <c>was killed by signal 11 (segmentation fault)</c>.</param>
/// <param name="Words">The last lines it wrote; may be empty.</param>
internal sealed record ChildEnding(string How, string Words)
{
    /// <param name="how">What is known better than its exit code tells, or null.</param>
    /// <param name="sample">What it was at, or null.</param>
    public string Tell(string? how, string? sample)
    {
        var at = sample is null ? "" : $" at sample {sample}";
        var words = Words.Length == 0 ? "" : $"; its last words:\n{Words}";
        return $"the process that runs the model {how ?? How}{at}{words}";
    }
}
