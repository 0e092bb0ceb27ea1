namespace Pipeline.GpuWorker.Inference;

/// <summary>Sees how far a shard has come and how long its stages take.</summary>
public interface IInferenceWatch
{
    /// <summary>The model is there.</summary>
    void Loaded();

    /// <summary>The model begins with a sample.</summary>
    /// <param name="sample">Its id.</param>
    void Begins(string sample);

    /// <param name="stage"><c>image</c> (fetching one), <c>decode</c>, <c>encode</c>, <c>language</c> or <c>mask</c>.</param>
    void Took(string stage, TimeSpan time);
}
