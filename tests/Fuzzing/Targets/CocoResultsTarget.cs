using Pipeline.Evaluation.Coco;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Detections in COCO's format, read for masks and for boxes.</summary>
internal sealed class CocoResultsTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("results.json");
    private readonly ScratchFile truthFile = new("instances.json");
    private readonly CocoInstances truth;

    public CocoResultsTarget() => truth = CocoInstances.Read(
        truthFile.Fill("""{"images":[{"id":1,"height":8,"width":9}],"categories":[{"id":2}],"annotations":[{"id":5,"image_id":1,"category_id":2,"area":12,"bbox":[1,2,3,4],"segmentation":[[1,1,6,1,6,5,1,5]]}]}"""u8), CocoIouType.Segm);

    public string Name => "coco-results";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """[{"image_id":1,"category_id":2,"score":0.5,"bbox":[1,2,3,4]},{"image_id":1,"category_id":2,"score":0.25,"bbox":[0.5,0.5,2,2]}]""",
        """[{"image_id":1,"category_id":2,"score":0.5,"segmentation":{"size":[8,9],"counts":[3,2,67]}}]""",
        """[{"image_id":1,"category_id":2,"score":0.5,"segmentation":[[1,1,6,1,6,5]]}]""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [.. Bytes.JsonWords, "\"image_id\"", "\"score\"", "\"segmentation\"", "\"bbox\"", "1e300", "[1e6,1e6,-1e6,1e6,0,0],", "[0,1e6,4,-1e6,3,1e6],", "[-1e300,0,1e300,1]", "{\"image_id\":1,\"category_id\":2,\"score\":1,\"bbox\":[0,0,1,1]},"]);

    public long MostBytes(int length) => (4 << 20) + (2048L * length);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        CocoResults.Read(file.Path, truth, CocoIouType.Segm);
        _ = CocoResults.Read(file.Path, truth, CocoIouType.Bbox);
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose()
    {
        file.Dispose();
        truthFile.Dispose();
    }
}
