using System.Text.Json;

namespace Pipeline.Segmentation.Text;

/// <summary>Writes a small LLaMA tokenizer for models with random or self-trained weights: whole words for LISA's prompts and the given words, bytes for the rest.</summary>
/// <remarks>Every prefix of a word is a piece, so that merging reaches the word without a trained order of merges.</remarks>
public static class TinyTokenizer
{
    private const char Space = '\u2581';
    private static readonly string[] Specials = ["<unk>", "<s>", "</s>"];
    private static readonly string[] Questions = [Conversation.SegmentationQuestion("", isSentence: true), Conversation.SegmentationQuestion("", isSentence: false)];

    /// <summary>Writes <c>tokenizer.model</c>, <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c> with LISA's added tokens.</summary>
    /// <param name="folder">Is made if it does not exist.</param>
    /// <param name="words">Words to be one token each, without spaces; the case counts.</param>
    /// <param name="phrases">Texts of several words to be one token each, as sentencepiece learns them with <c>split_by_whitespace=false</c>; the first wins where two overlap.</param>
    /// <returns>The tokenizer just written.</returns>
    public static LlamaTokenizer Write(string folder, IEnumerable<string> words, params IReadOnlyList<string> phrases)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(phrases);
        Directory.CreateDirectory(folder);
        var pieces = Pieces(PromptWords().Concat(words));
        AddPhrases(pieces, phrases);
        Model(pieces).Save(Path.Combine(folder, "tokenizer.model"));
        Json("tokenizer_config.json", new
        {
            add_bos_token = true,
            add_eos_token = false,
            clean_up_tokenization_spaces = false,
            model_max_length = 2048,
            padding_side = "right",
            tokenizer_class = "LlamaTokenizer",
        });
        Json("special_tokens_map.json", new { bos_token = Token("<s>"), eos_token = Token("</s>"), unk_token = Token("<unk>"), pad_token = "<unk>" });
        Json("added_tokens.json", PromptTokens.Lisa.Index().ToDictionary(token => token.Item, token => pieces.Count + token.Index));
        return LlamaTokenizer.Load(folder);

        void Json(string name, object content) => File.WriteAllBytes(Path.Combine(folder, name), JsonSerializer.SerializeToUtf8Bytes(content));
    }

    private static List<SentencePiece> Pieces(IEnumerable<string> words)
    {
        var texts = words.SelectMany(Prefixes)
            .Append(Space.ToString())
            .Concat(Enumerable.Range('!', '~' - '!' + 1).Select(character => ((char)character).ToString()))
            .Distinct(StringComparer.Ordinal);
        return
        [
            .. Specials.Select((text, id) => new SentencePiece(text, 0, id == 0 ? PieceKind.Unknown : PieceKind.Control)),
            .. Enumerable.Range(0, 256).Select(value => new SentencePiece(SentencePieceModel.BytePiece((byte)value), 0, PieceKind.Byte)),
            .. texts.Select((text, order) => new SentencePiece(text, -order, PieceKind.Normal)),
        ];
    }

    private static SentencePieceModel Model(IReadOnlyList<SentencePiece> pieces) => new() { Pieces = pieces, ByteFallback = true, RemoveExtraWhitespaces = false };

    /// <summary>A phrase grows word by word, each step a piece that scores below every word: words merge first, then phrases from their left end.</summary>
    private static void AddPhrases(List<SentencePiece> pieces, IReadOnlyList<string> phrases)
    {
        var encoder = new SentencePieceEncoder(new SentencePieceVocabulary(Model([.. pieces])));
        var known = pieces.Select(piece => piece.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var phrase in phrases)
        {
            var ids = new List<int>();
            encoder.Encode(phrase, ids);
            var grown = "";
            foreach (var id in ids)
            {
                grown += pieces[id].Text;
                if (known.Add(grown))
                    pieces.Add(new SentencePiece(grown, -pieces.Count, PieceKind.Normal));
            }
        }
    }

    private static IEnumerable<string> Prefixes(string word)
    {
        if (word.Length == 0 || word.Any(char.IsWhiteSpace))
            throw new ArgumentException($"'{word}' is not a word.", nameof(word));
        return Enumerable.Range(1, word.Length).Where(length => !char.IsHighSurrogate(word[length - 1])).Select(length => Space + word[..length]);
    }

    private static IEnumerable<string> PromptWords() => Conversation.All
        .SelectMany(conversation => Questions.Select(question => conversation.Prompt(question, null)))
        .SelectMany(prompt => prompt.Split([.. prompt.Where(character => !char.IsAsciiLetter(character)).Distinct()], StringSplitOptions.RemoveEmptyEntries));

    private static object Token(string text) => new { content = text, lstrip = false, normalized = true, rstrip = false, single_word = false };
}
