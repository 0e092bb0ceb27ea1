using System.Text;

namespace Pipeline.Segmentation.Text;

/// <summary>Text to the token ids of a LLaMA model and back, as the slow LlamaTokenizer of transformers 4.31 does it (legacy).</summary>
/// <remarks>
/// Added and special tokens are cut out first; each piece of text between them goes through SentencePiece on its own, so each gets its own space in front.
/// Immutable and safe to share between threads.
/// </remarks>
public sealed class LlamaTokenizer
{
    private readonly SentencePieceVocabulary vocabulary;
    private readonly TokenizerSettings settings;
    private readonly SentencePieceEncoder encoder;
    private readonly SentencePieceDecoder decoder;
    private readonly AddedTokenSplitter splitter;
    private readonly Dictionary<string, int> addedIds;
    private readonly Dictionary<int, string> addedTexts;
    private readonly HashSet<string> specialTexts;
    private readonly HashSet<int> specialIds;

    private LlamaTokenizer(SentencePieceVocabulary vocabulary, TokenizerSettings settings, IEnumerable<KeyValuePair<string, int>> added)
    {
        this.vocabulary = vocabulary;
        this.settings = settings;
        encoder = new(vocabulary);
        decoder = new(vocabulary);
        addedIds = new(added, StringComparer.Ordinal);
        addedTexts = addedIds.ToDictionary(entry => entry.Value, entry => entry.Key);
        List<AddedToken> specials = [settings.Bos, settings.Eos, settings.Unk, .. settings.AdditionalSpecials];
        if (settings.Pad is not null)
            specials.Add(settings.Pad);
        specialTexts = [.. specials.Select(token => token.Text)];
        splitter = new([.. specials, .. addedIds.Keys.Select(text => new AddedToken(text))]);
        BosId = IdOf(settings.Bos.Text);
        EosId = IdOf(settings.Eos.Text);
        UnkId = IdOf(settings.Unk.Text);
        PadId = settings.Pad is null ? UnkId : IdOf(settings.Pad.Text);
        specialIds = [.. specialTexts.Select(IdOf)];
    }

    public int BosId { get; }

    public int EosId { get; }

    /// <summary>The padding token; the unknown one where the checkpoint names none, as LISA sets it.</summary>
    public int PadId { get; }

    public int UnkId { get; }

    /// <summary>Tokens of the model and added ones.</summary>
    public int Count => vocabulary.Count + addedIds.Count;

    /// <summary>Pieces of the SentencePiece model by id.</summary>
    public IReadOnlyList<SentencePiece> Pieces => vocabulary.Model.Pieces;

    /// <summary>Reads <c>tokenizer.model</c> and, where they exist, <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c>.</summary>
    /// <exception cref="InvalidDataException">One of the files is damaged or of another kind; names it and the fault.</exception>
    /// <exception cref="FileNotFoundException">The folder has no <c>tokenizer.model</c>.</exception>
    public static LlamaTokenizer Load(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.model");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} does not exist; a checkpoint of a LLaMA model has its SentencePiece vocabulary there.", path);
        var model = SentencePieceModel.Load(path);
        var settings = TokenizerSettings.Load(folder);
        try
        {
            var vocabulary = new SentencePieceVocabulary(model);
            var added = settings.AddedIds.Where(token => token.Value >= vocabulary.Count).ToList();
            if (added.GroupBy(token => token.Value).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidDataException($"added tokens '{string.Join("', '", twice.Select(token => token.Key))}' all have the id {twice.Key}");
            return new(vocabulary, settings, added);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{path}: is not a usable vocabulary: {fault.Message}", fault);
        }
    }

    /// <summary>This tokenizer with more tokens, each with the next free id; those that exist already stay as they are.</summary>
    /// <remarks>As tokenizer.add_tokens with plain strings: they strip the white space around them.</remarks>
    public LlamaTokenizer WithTokens(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var added = new Dictionary<string, int>(addedIds, StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            ArgumentException.ThrowIfNullOrEmpty(token);
            if (token != settings.Unk.Text && IdOf(token) == UnkId)
                added.TryAdd(token, vocabulary.Count + added.Count);
        }
        return new(vocabulary, settings, added);
    }

    /// <summary>The id of an added token; null when there is none of this text.</summary>
    public int? AddedTokenId(string token) => addedIds.TryGetValue(token, out var id) ? id : null;

    /// <summary>Whether an id is one of a token with a text; embedding tables may have more rows.</summary>
    public bool Knows(int id) => addedTexts.ContainsKey(id) || (id >= 0 && id < vocabulary.Count);

    /// <summary>Encodes a text.</summary>
    /// <param name="addBos">Put what the checkpoint wants around a sequence: the begin token, as a rule.</param>
    public int[] Encode(string text, bool addBos = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        if (addBos && settings.AddsBos)
            ids.Add(BosId);
        foreach (var (part, isAdded) in splitter.Split(text))
        {
            if (isAdded)
                ids.Add(IdOf(part));
            else
                encoder.Encode(part, ids);
        }
        if (addBos && settings.AddsEos)
            ids.Add(EosId);
        return [.. ids];
    }

    /// <summary>Encodes a prompt whose <c>&lt;image&gt;</c> marks become <see cref="PromptTokens.ImageId"/>; one begin token in front.</summary>
    /// <remarks>LISA model/llava/mm_utils.py, tokenizer_image_token: the text between two images is encoded on its own.</remarks>
    public int[] EncodeWithImage(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var ids = new List<int>();
        var chunks = prompt.Split(PromptTokens.Image);
        for (var i = 0; i < chunks.Length; i++)
        {
            var chunk = Encode(chunks[i]);
            if (i > 0)
                ids.Add(PromptTokens.ImageId);
            ids.AddRange(i > 0 && chunk.Length > 0 && chunk[0] == BosId ? chunk.AsSpan(1) : chunk);
        }
        return [.. ids];
    }

    /// <summary>Decodes ids; image places are left out.</summary>
    /// <param name="skipSpecial">Leave out begin, end, padding and unknown tokens; added tokens such as [SEG] stay.</param>
    /// <returns>Text with added tokens set off by a single space on each side, as transformers joins them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is beyond the vocabulary.</exception>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var parts = new List<string>();
        var run = new List<int>();
        foreach (var id in ids)
        {
            if (id == PromptTokens.ImageId || (skipSpecial && specialIds.Contains(id)))
                continue;
            if (addedTexts.TryGetValue(id, out var text))
            {
                EndRun();
                parts.Add(text);
            }
            else if (id >= 0 && id < vocabulary.Count)
            {
                run.Add(id);
            }
            else
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Token {id} is not one of the {Count} tokens.");
            }
        }
        EndRun();
        return string.Join(' ', parts);

        void EndRun()
        {
            if (run.Count > 0)
                parts.Add(DecodeRun(run));
            run.Clear();
        }
    }

    /// <summary>Text and special tokens; a special token after text puts a space before that text, a quirk of this version that is kept.</summary>
    private string DecodeRun(List<int> ids)
    {
        var text = new StringBuilder();
        var pieces = new List<int>();
        var lastSpecial = false;
        for (var i = 0; i < ids.Count; i++)
        {
            var special = specialTexts.Contains(vocabulary[ids[i]].Text);
            if (special)
            {
                if (!lastSpecial && i > 0)
                    text.Append(' ');
                text.Append(decoder.Decode(pieces)).Append(vocabulary[ids[i]].Text);
                pieces.Clear();
            }
            else
            {
                pieces.Add(ids[i]);
            }
            lastSpecial = special;
        }
        return text.Append(decoder.Decode(pieces)).ToString();
    }

    private int IdOf(string token) => addedIds.TryGetValue(token, out var id) ? id : vocabulary.IdOf(token);
}
