using Pipeline.Contracts.Manifests;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Goes through a dataset as planning does: its samples become a slice that a worker reads.</summary>
internal static class DatasetReading
{
    public static Reading Run(IAsyncEnumerable<Sample> dataset)
    {
        ReadAsync(dataset).GetAwaiter().GetResult();
        return Reading.Accepted;
    }

    private static async Task ReadAsync(IAsyncEnumerable<Sample> dataset)
    {
        var slice = ManifestSlice.Write(await dataset.ToListAsync());
        await ManifestSlice.ReadAsync(new MemoryStream(slice), "slice", CancellationToken.None);
    }
}
