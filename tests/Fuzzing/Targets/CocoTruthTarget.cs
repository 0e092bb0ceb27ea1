using Pipeline.Evaluation.Coco;

namespace Pipeline.Fuzzing.Targets;

/// <summary>Ground truth in COCO's format, read for masks and for boxes.</summary>
internal sealed class CocoTruthTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("instances.json");

    public string Name => "coco-truth";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """{"images":[{"id":1,"file_name":"a.jpg","height":8,"width":9}],"categories":[{"id":2,"name":"dog"}],"annotations":[{"id":5,"image_id":1,"category_id":2,"iscrowd":0,"area":12.5,"bbox":[1,2,3,4],"segmentation":[[1,1,6,1,6,5,1,5]]}]}""",
        """{"annotations":[{"id":5,"image_id":1,"category_id":2,"iscrowd":1,"area":3,"bbox":[0,0,2,2],"segmentation":{"size":[4,5],"counts":[3,2,15]}}],"images":[{"id":1,"height":4,"width":5}],"categories":[]}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [.. Bytes.JsonWords, "\"images\"", "\"annotations\"", "\"categories\"", "\"segmentation\"", "\"bbox\"", "\"area\"", "\"iscrowd\"", "\"counts\":\"04\"", "65536", "1e300", "[1e6,1e6,-1e6,1e6,0,0],", "[0,1e6,4,-1e6,3,1e6],", "[1e308,-1e308]"]);

    public long MostBytes(int length) => (4 << 20) + (2048L * length);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        CocoInstances.Read(file.Path, CocoIouType.Segm);
        CocoInstances.Read(file.Path, CocoIouType.Bbox);
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose() => file.Dispose();
}
