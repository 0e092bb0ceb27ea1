using Pipeline.Segmentation.Text;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Checkpoints whose tokenizer is wrong.</summary>
internal static class BadTokenizers
{
    public static IReadOnlyList<BadCase> All { get; } =
    [
        Of("is missing", bench => bench.Checkpoint(("tokenizer.model", null)), "tokenizer.model does not exist; a checkpoint of a LLaMA model has its SentencePiece vocabulary there"),
        Of("is empty", bench => bench.Checkpoint(("tokenizer.model", [])), "tokenizer.model: is not a usable SentencePiece model: it has no pieces"),
        Of("is a git lfs pointer", bench => bench.Checkpoint(("tokenizer.model", "version https://git-lfs.github.com/spec/v1\n"u8.ToArray())), "tokenizer.model: is not a usable SentencePiece model"),
        Of("is cut", bench => bench.Checkpoint(("tokenizer.model", File.ReadAllBytes(Path.Combine(bench.Model, "tokenizer.model"))[..^3])), "tokenizer.model: is not a usable SentencePiece model", "ends beyond the file"),
        Of("has no piece for what is unknown", bench => Model(bench, new SentencePiece("a", 0, PieceKind.Normal)), "no piece stands for what is unknown"),
        Of("has a piece twice", bench => Model(bench, new("<unk>", 0, PieceKind.Unknown), new("a", 0, PieceKind.Normal), new("a", -1, PieceKind.Normal)), "pieces 1 and 2 are both 'a'"),
        Of("has a piece for a byte that is none", bench => Model(bench, new("<unk>", 0, PieceKind.Unknown), new("r", 0, PieceKind.Byte)), "piece 1, 'r', stands for a byte; expected <0x00> to <0xFF>"),
        Of("knows no [SEG]", bench => bench.Checkpoint(("added_tokens.json", "{}"u8.ToArray())), "the tokenizer has no added token [SEG]; expected it in added_tokens.json or tokenizer_config.json"),
        Of("adds tokens beyond the embedding", bench => Added(bench, 400), "tokens, model.embed_tokens.weight only"),
        Of("adds tokens that are no numbers", bench => bench.Checkpoint(("added_tokens.json", """{"[SEG]":"many"}"""u8.ToArray())), "added_tokens.json: is damaged"),
        Of("has settings that are no JSON", bench => bench.Checkpoint(("tokenizer_config.json", "{"u8.ToArray())), "tokenizer_config.json: is damaged"),
        Of("has settings that are a list", bench => bench.Checkpoint(("special_tokens_map.json", "[]"u8.ToArray())), "special_tokens_map.json: is damaged"),
        Of("has a begin token that is a number", bench => bench.Checkpoint(("tokenizer_config.json", """{"bos_token":1}"""u8.ToArray())), "tokenizer_config.json: is damaged"),
    ];

    private static string Model(Workshop bench, params SentencePiece[] pieces)
    {
        var path = Path.Combine(bench.Folder(), "tokenizer.model");
        new SentencePieceModel { Pieces = pieces }.Save(path);
        return bench.Checkpoint(("tokenizer.model", File.ReadAllBytes(path)));
    }

    private static string Added(Workshop bench, int count)
    {
        var first = LlamaTokenizer.Load(bench.Model).Pieces.Count;
        var tokens = PromptTokens.Lisa.Concat(Enumerable.Range(0, count).Select(i => $"<extra{i}>")).Select((token, i) => $"\"{token}\":{first + i}");
        return bench.Checkpoint(("added_tokens.json", System.Text.Encoding.UTF8.GetBytes($"{{{string.Join(',', tokens)}}}")));
    }

    private static BadCase Of(string name, Func<Workshop, string> checkpoint, params string[] words) =>
        new($"tokenizer: {name}", bench => $"prune {bench.Image} --model {checkpoint(bench)} --text ring --variants none --out {bench.Folder()}/sheet.png", words);
}
