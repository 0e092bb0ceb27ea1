using System.Globalization;
using System.Text.Json;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>tokenizer</c>: the vocabulary, ids and texts, and LISA's prompts; a row per case, exact.</summary>
internal sealed class TokenizerGroup : IGoldenGroup
{
    private static readonly string[] TokenizerFiles = ["hf_plain.json", "hf_lisa.json", "hf_glamm.json"];
    private static readonly string[] TokenKeys = ["bos", "eos", "pad", "unk", "len"];

    public string Name => "tokenizer";

    public void Verify(GoldenFolder golden)
    {
        var plain = LlamaTokenizer.Load(golden.Path);
        Json(golden, "vocab.json", vocabulary => golden.Equal(
            "vocab.json",
            [.. Elements(vocabulary).Select(piece => $"{piece.GetProperty("id")} {piece.GetProperty("piece")} {piece.GetProperty("score").GetSingle()} {piece.GetProperty("type")}")],
            () => [.. plain.Pieces.Select((piece, id) => string.Create(CultureInfo.InvariantCulture, $"{id} {piece.Text} {piece.Score} {KindName(piece.Kind)}"))]));
        Json(golden, "sentencepiece_raw.json", cases => Raw(golden, cases));
        foreach (var file in TokenizerFiles)
            Json(golden, file, root => Texts(golden, file, With(plain, root), root));
        Prompts(golden, "lisa_prompts.json", "hf_lisa.json", plain);
        Prompts(golden, "glamm_prompts.json", "hf_glamm.json", plain);
    }

    private static void Raw(GoldenFolder golden, JsonElement cases)
    {
        var vocabulary = new SentencePieceVocabulary(SentencePieceModel.Load(golden.File("tokenizer.model")));
        var encoder = new SentencePieceEncoder(vocabulary);
        var decoder = new SentencePieceDecoder(vocabulary);
        foreach (var (i, sample) in Elements(cases).Index())
        {
            golden.Equal(
                $"sentencepiece_raw.json[{i}]",
                [.. Numbers(sample, "ids"), .. sample.GetProperty("pieces").EnumerateArray().Select(piece => $"{piece}"), Text(sample, "decoded")],
                () =>
                {
                    var ids = new List<int>();
                    encoder.Encode(Text(sample, "text"), ids);
                    return [.. Numbers(ids), .. ids.Select(id => vocabulary[id].Text), decoder.Decode(ids)];
                });
        }
    }

    private static void Texts(GoldenFolder golden, string file, LlamaTokenizer tokenizer, JsonElement root)
    {
        var added = root.GetProperty("added").EnumerateObject().ToList();
        golden.Equal(
            $"{file} tokens",
            [.. TokenKeys.Select(key => $"{root.GetProperty(key)}"), .. added.Select(token => $"{token.Value}")],
            () => Numbers([tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId, tokenizer.Count, .. added.Select(token => tokenizer.AddedTokenId(token.Name) ?? -1)]));
        foreach (var (i, sample) in Elements(root.GetProperty("cases")).Index())
        {
            golden.Equal(
                $"{file}[{i}]",
                [.. Numbers(sample, "ids"), .. Numbers(sample, "ids_no_special"), Text(sample, "decoded"), Text(sample, "decoded_skip")],
                () =>
                {
                    var text = Text(sample, "text");
                    var ids = tokenizer.Encode(text);
                    return [.. Numbers(ids), .. Numbers(tokenizer.Encode(text, addBos: false)), tokenizer.Decode(ids), tokenizer.Decode(ids, skipSpecial: true)];
                });
        }
    }

    private static void Prompts(GoldenFolder golden, string file, string tokenizerFile, LlamaTokenizer plain) => Json(golden, file, cases =>
    {
        using var root = JsonDocument.Parse(File.ReadAllBytes(golden.File(tokenizerFile)));
        var tokenizer = With(plain, root.RootElement);
        foreach (var (i, sample) in Elements(cases).Index())
        {
            golden.Equal(
                $"{file}[{i}]",
                [Text(sample, "prompt"), .. Numbers(sample, "ids")],
                () =>
                {
                    var prompt = Prompt(sample);
                    return [prompt, .. Numbers(tokenizer.EncodeWithImage(prompt))];
                });
        }
    });

    /// <summary>The prompt by its template; as it stands where the case names none.</summary>
    private static string Prompt(JsonElement sample)
    {
        if (!sample.TryGetProperty("conv", out var name))
            return Text(sample, "prompt");
        var template = Conversation.All.FirstOrDefault(template => template.Name == name.GetString())
            ?? throw new InvalidDataException($"there is no conversation template '{name}'; there are {string.Join(", ", Conversation.All.Select(known => known.Name))}");
        return template.Prompt(Text(sample, "user"), Text(sample, "assistant"));
    }

    private static LlamaTokenizer With(LlamaTokenizer plain, JsonElement root) =>
        plain.WithTokens(root.GetProperty("added").EnumerateObject().OrderBy(token => token.Value.GetInt32()).Select(token => token.Name));

    private static void Json(GoldenFolder golden, string file, Action<JsonElement> verify) => golden.Guard([file], () =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(golden.File(file)));
        verify(document.RootElement);
    });

    private static List<JsonElement> Elements(JsonElement array) =>
        array.GetArrayLength() > 0 ? [.. array.EnumerateArray()] : throw new InvalidDataException("holds no cases");

    private static IReadOnlyList<string> Numbers(JsonElement sample, string key) => Numbers(sample.GetProperty(key).EnumerateArray().Select(id => id.GetInt32()));

    private static IReadOnlyList<string> Numbers(IEnumerable<int> ids) => [.. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    private static string Text(JsonElement sample, string key) => sample.GetProperty(key).GetString() ?? throw new InvalidDataException($"has no {key}");

    private static string KindName(PieceKind kind) => kind switch
    {
        PieceKind.UserDefined => "user_defined",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
