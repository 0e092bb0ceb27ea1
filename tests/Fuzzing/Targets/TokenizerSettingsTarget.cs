using Pipeline.Segmentation.Text;

namespace Pipeline.Fuzzing.Targets;

/// <summary>The JSON files beside a tokenizer, all three of the same content.</summary>
internal sealed class TokenizerSettingsTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile config = new("tokenizer_config.json");
    private readonly ScratchFile specials = new("special_tokens_map.json");
    private readonly ScratchFile added = new("added_tokens.json");

    public string Name => "tokenizer-json";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """{"add_bos_token":true,"add_eos_token":false,"bos_token":{"content":"<s>","lstrip":false,"rstrip":false},"eos_token":"</s>","pad_token":null,"additional_special_tokens":["<x>"]}""",
        """{"added_tokens_decoder":{"32000":{"content":"[SEG]","lstrip":true}}}""",
        """{"[SEG]":32000,"<im_start>":32001}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of([.. Bytes.JsonWords, "\"content\"", "\"added_tokens_decoder\"", "\"unk_token\"", "\"additional_special_tokens\"", "-5", "2147483648"]);

    public Reading Read(byte[] input) => new(Read(config, input) | Read(specials, input) | Read(added, input));

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;

    public void Dispose()
    {
        config.Dispose();
        specials.Dispose();
        added.Dispose();
    }

    private static bool Read(ScratchFile file, byte[] input)
    {
        file.Fill(input);
        try
        {
            return TokenizerSettings.Load(file.Folder).Bos.Text.Length > 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
