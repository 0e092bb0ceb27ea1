namespace Pipeline.Contracts.Synthetic;

/// <summary>Direction of stripes in the frame of their shape.</summary>
internal enum StripeDirection
{
    Upright,
    Level,
    Rising,
    Falling,
}
