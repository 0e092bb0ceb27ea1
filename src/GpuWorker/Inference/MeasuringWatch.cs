namespace Pipeline.GpuWorker.Inference;

/// <summary>Puts times into the worker's metrics.</summary>
internal sealed class MeasuringWatch : IInferenceWatch
{
    public void Loaded()
    {
    }

    public void Begins(string sample)
    {
    }

    public void Took(string stage, TimeSpan time) => WorkerTelemetry.Took(stage, time);
}
