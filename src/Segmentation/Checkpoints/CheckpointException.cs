namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A checkpoint cannot be read or does not fit the model; the message names the file or tensor and what would be right.</summary>
public sealed class CheckpointException : Exception
{
    public CheckpointException()
    {
    }

    public CheckpointException(string message)
        : base(message)
    {
    }

    public CheckpointException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
