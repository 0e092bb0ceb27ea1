namespace Pipeline.Servers.Postgres;

/// <summary>What a private cluster's commits survive.</summary>
public enum ClusterDurability
{
    /// <summary>A power cut: every commit reaches the disk.</summary>
    Full,

    /// <summary>The end of a process, but no power cut. For tests.</summary>
    None,
}
