using System.Text;
using Pipeline.Contracts.Datasets.Refer;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Pickle;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A pickle of refs as RefCOCO has them, beside instances that are right.</summary>
internal sealed class RefsTarget : IFuzzTarget, IDisposable
{
    private const string Instances = """
        {"images":[{"id":10,"file_name":"a.jpg","height":8,"width":9}],"categories":[{"id":2,"name":"dog"}],
         "annotations":[{"id":1,"image_id":10,"category_id":2,"iscrowd":0,"area":12.5,"bbox":[1,2,3,4],"segmentation":[[1,1,6,1,6,5,1,5]]}]}
        """;

    private readonly ScratchFile file = new("refcoco/refs(unc).p");
    private readonly DatasetSpec dataset;

    public RefsTarget()
    {
        Directory.CreateDirectory(Path.Combine(file.Folder, "images/mscoco/images/train2014"));
        File.WriteAllText(Path.Combine(file.Folder, "refcoco/instances.json"), Instances);
        dataset = new DatasetSpec("refcoco") { Path = file.Folder, Set = "refcoco", SplitBy = "unc", Split = "val" };
    }

    public string Name => "refs";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Written(10, "val", "the left one", "café"),
        // With a memo, as cPickle of Python 2 writes it.
        Encoding.Latin1.GetBytes(
            "\u0080\u0002]q\u0001(}q\u0002(U\u0008image_idq\u0003K\nU\u0005splitq\u0004U\u0003valq\u0005U\u0006ann_idq\u0006K\u0001U\tsentencesq\u0007]q\u0008}q\t(U\u0004sentq\nU\u0003Redq\u000bU\u0007sent_idI01\nuaue."),
    ];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. PickleTarget.Instructions.Select(Encoding.Latin1.GetBytes),
        .. Bytes.Of("U\u0008image_id", "U\u0006ann_id", "U\u0005split", "U\u0003val", "U\tsentences", "U\u0004sent"),
    ];

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        return DatasetReading.Run(ReferDataset.ReadAsync(dataset, DataRoots.Everywhere, CancellationToken.None));
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose() => file.Dispose();

    private static byte[] Written(int image, string split, params string[] sentences)
    {
        using var stream = new MemoryStream();
        var writer = new PickleWriter(stream);
        writer.Append(new Dictionary<string, object?>
        {
            ["ref_id"] = 7,
            ["image_id"] = image,
            ["ann_id"] = 1,
            ["split"] = split,
            ["sentences"] = sentences.Select(sentence => new Dictionary<string, object?> { ["sent"] = sentence, ["tokens"] = sentence.Split(' ') }).ToArray(),
        });
        writer.End();
        return stream.ToArray();
    }
}
