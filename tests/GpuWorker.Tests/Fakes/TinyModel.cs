using Pipeline.Contracts.Models;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>The smallest real LISA, with random weights, in a folder for one test class.</summary>
public sealed class TinyModel : IDisposable
{
    public TinyModel()
    {
        LisaPresets.Write("tiny", Folder, seed: 1);
        Description = new ModelCatalog().Describe(Folder);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("tiny-").FullName;

    public ModelDescription Description { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
