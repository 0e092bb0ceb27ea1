namespace Pipeline.Cli.Synthesis;

/// <summary>A dataset on disk that takes scenes one after the other. What makes it complete appears last, so a dataset that was interrupted is none.</summary>
internal interface ISceneLayout : IAsyncDisposable
{
    /// <summary>What makes the dataset complete: a file, or the folder of a split.</summary>
    string Target { get; }

    /// <summary>Writes a scene's image; called on several threads.</summary>
    void WriteImage(DrawnScene scene);

    /// <summary>Notes what the scene shows; called in the order of the scenes.</summary>
    Task AddAsync(DrawnScene scene, CancellationToken token);

    /// <summary>Makes the dataset complete.</summary>
    Task CompleteAsync();
}
