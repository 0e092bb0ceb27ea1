using Pipeline.Segmentation.Text;

namespace Pipeline.Fuzzing.Targets;

/// <summary>A SentencePiece vocabulary; what is accepted has to encode a text and to decode it.</summary>
internal sealed class TokenizerModelTarget : IFuzzTarget, IDisposable
{
    private const string Text = "<s> the red ring é [SEG]  left of\n it 漢";

    private readonly ScratchFile file = new("tokenizer.model");

    public string Name => "tokenizer-model";

    public IReadOnlyList<byte[]> Seeds { get; } = [Model(byteFallback: false), Model(byteFallback: true)];

    public IReadOnlyList<byte[]> Words { get; } = [[0x0A, 0x00], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x08, 0x80], [0x15, 0, 0, 0xC0, 0x7F], [0x18, 0x02], [0x18, 0x7F], [0x12, 0x02, 0x18, 0x02], [0x1A, 0x00], [0xE2, 0x02, 0x01, 0x41], .. Bytes.Of("\u2581", "<unk>", "<s>", "<0x41>", "é", "a")];

    /// <summary>Characters outside of the vocabulary become pieces of their own, over and over.</summary>
    public long MostBytes(int length) => (4 << 20) + (1024L * length);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        var tokenizer = LlamaTokenizer.Load(file.Folder);
        _ = tokenizer.Decode(tokenizer.WithTokens(PromptTokens.Lisa).Encode(Text).Where(id => id < tokenizer.Count).ToList());
        return Reading.Accepted;
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose() => file.Dispose();

    private static byte[] Model(bool byteFallback)
    {
        SentencePiece[] pieces =
        [
            new("<unk>", 0, PieceKind.Unknown),
            new("<s>", 0, PieceKind.Control),
            new("</s>", 0, PieceKind.Control),
            .. Enumerable.Range(0, byteFallback ? 256 : 0).Select(value => new SentencePiece(SentencePieceModel.BytePiece((byte)value), 0, PieceKind.Byte)),
            .. "\u2581 \u2581t \u2581th \u2581the t h e r d re red \u2581red i n g ing".Split(' ').Select((text, order) => new SentencePiece(text, -order, PieceKind.Normal)),
        ];
        var path = Path.GetTempFileName();
        new SentencePieceModel { Pieces = pieces, ByteFallback = byteFallback }.Save(path);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }
}
