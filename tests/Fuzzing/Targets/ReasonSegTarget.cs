using Pipeline.Contracts.Datasets.ReasonSeg;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Fuzzing.Targets;

/// <summary>An annotation of ReasonSeg, beside an image that is only there.</summary>
internal sealed class ReasonSegTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("val/a.json");

    public ReasonSegTarget() => File.WriteAllBytes(Path.ChangeExtension(file.Path, ".jpg"), []);

    public string Name => "reasonseg";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """{"text":["the lamp"," where it is dark "],"is_sentence":false,"shapes":[{"label":"target","labels":["target"],"shape_type":"polygon","image_name":"a.jpg","points":[[1,1],[6.5,1],[6,5]]},{"label":"ignore","points":[[0,0],[2,2]]},{"label":"flag","points":[]}]}""",
        """{"is_sentence":true,"text":["\u00e9 \ud83d\ude00"],"shapes":[]}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [.. Bytes.JsonWords, "\"text\"", "\"is_sentence\"", "\"shapes\"", "\"label\"", "\"points\"", "\"ignore\"", "\"flag\"", "[1e300,-1e300]", "[2147483648,0]", "\\ud83d", "\u00e9"]);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        return DatasetReading.Run(ReasonSegDataset.ReadAsync(new DatasetSpec("reasonseg") { Path = file.Folder, Split = "val", Texts = "all" }, DataRoots.Everywhere, CancellationToken.None));
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose() => file.Dispose();
}
