using Pipeline.Contracts.Datasets.Coco;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Fuzzing.Targets;

/// <summary>COCO's instances as a dataset: an index of the file, then the annotations of each image.</summary>
internal sealed class InstancesTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("instances.json");
    private readonly CocoTruthTarget truth = new();

    public string Name => "instances";

    public IReadOnlyList<byte[]> Seeds => truth.Seeds;

    public IReadOnlyList<byte[]> Words => truth.Words;

    public long MostBytes(int length) => truth.MostBytes(length);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        return DatasetReading.Run(CocoDataset.ReadAsync(new DatasetSpec("coco") { Path = file.Path, Images = file.Folder }, DataRoots.Everywhere, skipped: null, CancellationToken.None));
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose()
    {
        truth.Dispose();
        file.Dispose();
    }
}
