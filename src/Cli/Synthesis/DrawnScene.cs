using Pipeline.Contracts.Synthetic;

namespace Pipeline.Cli.Synthesis;

/// <summary>A synthetic scene with its image as a file's content.</summary>
/// <param name="Index">Number of the scene in its dataset.</param>
/// <param name="Name">Unique: <c>scene-0000012</c>.</param>
/// <param name="Image">JPEG or PNG.</param>
/// <param name="Ending">Of its file: <c>.jpg</c> or <c>.png</c>.</param>
internal sealed record DrawnScene(int Index, string Name, Scene Scene, byte[] Image, string Ending)
{
    public string FileName => Name + Ending;
}
