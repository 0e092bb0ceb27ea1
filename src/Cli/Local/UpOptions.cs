namespace Pipeline.Cli.Local;

/// <summary>What <c>pipeline up</c> starts.</summary>
/// <param name="Folder">For data, secrets and logs.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="Port">Of the API; 0 for any.</param>
/// <param name="Data">Folders that jobs may read.</param>
/// <param name="Models">Checkpoint folders the workers serve; none for all. Jobs may read them too.</param>
internal sealed record UpOptions(string Folder, int Workers, int Port, IReadOnlyList<string> Data, IReadOnlyList<string> Models);
