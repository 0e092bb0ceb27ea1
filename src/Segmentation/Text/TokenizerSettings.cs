using System.Text.Json;
using Pipeline.Contracts.Files;

namespace Pipeline.Segmentation.Text;

/// <summary>What the JSON files beside a <c>tokenizer.model</c> say.</summary>
/// <remarks>
/// transformers 4.31, tokenization_utils_base.py, from_pretrained: special_tokens_map.json overrides tokenizer_config.json, where a plain string means
/// a token that strips its surroundings; added_tokens.json gives the ids of added tokens (newer checkpoints: added_tokens_decoder in tokenizer_config.json).
/// </remarks>
internal sealed record TokenizerSettings
{
    /// <summary>Bytes each of these files may have; those of published models have some thousand.</summary>
    public const int LargestFile = 16 << 20;

    private const string ConfigFile = "tokenizer_config.json";
    private const string SpecialTokensFile = "special_tokens_map.json";
    private const string AddedTokensFile = "added_tokens.json";

    public AddedToken Bos { get; private init; } = new("<s>", StripLeft: false, StripRight: false);

    public AddedToken Eos { get; private init; } = new("</s>", StripLeft: false, StripRight: false);

    public AddedToken Unk { get; private init; } = new("<unk>", StripLeft: false, StripRight: false);

    public AddedToken? Pad { get; private init; }

    public IReadOnlyList<AddedToken> AdditionalSpecials { get; private init; } = [];

    public bool AddsBos { get; private init; } = true;

    public bool AddsEos { get; private init; }

    /// <summary>Ids of added tokens by text, ascending by id.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> AddedIds { get; private init; } = [];

    /// <exception cref="InvalidDataException">One of the files is damaged; names it and the key.</exception>
    public static TokenizerSettings Load(string folder)
    {
        var settings = new TokenizerSettings();
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        Read(Path.Combine(folder, ConfigFile), config =>
        {
            // The tokenizer's constructor makes tokens that strip nothing of plain strings.
            settings = settings.WithSpecials(config, plainStrips: false) with
            {
                AddsBos = Flag(config, "add_bos_token", true),
                AddsEos = Flag(config, "add_eos_token", false),
            };
            if (config.TryGetProperty("added_tokens_decoder", out var decoder))
            {
                foreach (var entry in decoder.EnumerateObject())
                    added[entry.Value.GetProperty("content").GetString() ?? throw new JsonException($"added_tokens_decoder.{entry.Name} has no content")] = Id(entry.Name);
            }
        });
        Read(Path.Combine(folder, SpecialTokensFile), map => settings = settings.WithSpecials(map, plainStrips: true));
        Read(Path.Combine(folder, AddedTokensFile), tokens =>
        {
            foreach (var entry in tokens.EnumerateObject())
                added[entry.Name] = Id(entry.Value.GetRawText());
        });
        return settings with { AddedIds = [.. added.OrderBy(entry => entry.Value)] };
    }

    private TokenizerSettings WithSpecials(JsonElement map, bool plainStrips) => this with
    {
        Bos = Token(map, "bos_token", plainStrips) ?? Bos,
        Eos = Token(map, "eos_token", plainStrips) ?? Eos,
        Unk = Token(map, "unk_token", plainStrips) ?? Unk,
        Pad = Token(map, "pad_token", plainStrips) ?? Pad,
        AdditionalSpecials = map.TryGetProperty("additional_special_tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Array
            ? [.. tokens.EnumerateArray().Select(token => Token(token, plainStrips: true))]
            : AdditionalSpecials,
    };

    private static AddedToken? Token(JsonElement map, string key, bool plainStrips) =>
        map.TryGetProperty(key, out var token) && token.ValueKind != JsonValueKind.Null ? Token(token, plainStrips) : null;

    private static AddedToken Token(JsonElement token, bool plainStrips)
    {
        var isPlain = token.ValueKind == JsonValueKind.String;
        var text = isPlain ? token.GetString() : token.GetProperty("content").GetString();
        if (string.IsNullOrEmpty(text))
            throw new JsonException($"a special token is {token.GetRawText()}");
        return isPlain ? new(text, plainStrips, plainStrips) : new(text, Flag(token, "lstrip", false), Flag(token, "rstrip", false));
    }

    private static bool Flag(JsonElement map, string key, bool otherwise) => map.TryGetProperty(key, out var flag) ? flag.GetBoolean() : otherwise;

    private static int Id(string text) =>
        int.TryParse(text, out var id) && id >= 0 ? id : throw new JsonException($"'{text}' is not a token id");

    private static void Read(string path, Action<JsonElement> use)
    {
        if (!File.Exists(path))
            return;
        try
        {
            using var document = JsonDocument.Parse(PlainFile.Read(path, LargestFile));
            use(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path}: is damaged: {fault.Message}", fault);
        }
    }
}
