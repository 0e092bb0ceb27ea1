namespace Pipeline.Segmentation.Checkpoints;

/// <summary>An uncompressed entry of a zip archive.</summary>
/// <param name="Header">First byte of its own header.</param>
/// <param name="Offset">First byte of its data.</param>
/// <param name="Length">Bytes of its data.</param>
internal readonly record struct StoredEntry(long Header, long Offset, long Length);
