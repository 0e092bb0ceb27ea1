using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Children;

/// <summary>In the child: tells the worker how far it has come, which is also how the worker knows that it is not stuck.</summary>
internal sealed class ParentWatch(FrameChannel channel, FaultPoints points) : IInferenceWatch
{
    public void Loaded() => channel.Write(new Frame(FrameKind.Loaded, default));

    public void Begins(string sample)
    {
        channel.Write(Frame.OfText(FrameKind.Begins, sample));
        points.Reach(FaultPoints.ChildMidInference);
    }

    public void Took(string stage, TimeSpan time) => channel.Write(Frame.Of(FrameKind.Took, new StageTime(stage, time)));
}
