using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Text;

public sealed class LlamaTokenizerTests
{
    [Theory]
    [InlineData("hf_plain.json")]
    [InlineData("hf_lisa.json")]
    [InlineData("hf_glamm.json")]
    public void Every_text_gives_the_ids_and_the_text_of_transformers(string file)
    {
        var tokenizer = file switch { "hf_lisa.json" => GoldenTokenizer.Lisa, "hf_glamm.json" => GoldenTokenizer.Glamm, _ => GoldenTokenizer.Plain };
        var golden = GoldenTokenizer.Json(file);

        (tokenizer.BosId, tokenizer.EosId, tokenizer.UnkId, tokenizer.PadId, tokenizer.Count).ShouldBe(
            (golden.GetProperty("bos").GetInt32(), golden.GetProperty("eos").GetInt32(), golden.GetProperty("unk").GetInt32(), golden.GetProperty("pad").GetInt32(), golden.GetProperty("len").GetInt32()));
        foreach (var added in golden.GetProperty("added").EnumerateObject())
            tokenizer.AddedTokenId(added.Name).ShouldBe(added.Value.GetInt32());
        foreach (var sample in golden.GetProperty("cases").EnumerateArray())
        {
            var text = sample.Text("text");
            var ids = sample.GetProperty("ids").Ids();
            tokenizer.Encode(text).ShouldBe(ids, text);
            tokenizer.Encode(text, addBos: false).ShouldBe(sample.GetProperty("ids_no_special").Ids(), text);
            tokenizer.Decode(ids).ShouldBe(sample.Text("decoded"), text);
            tokenizer.Decode(ids, skipSpecial: true).ShouldBe(sample.Text("decoded_skip"), text);
        }
    }

    [Fact]
    public void A_text_without_added_tokens_gives_the_ids_and_the_text_of_sentencepiece()
    {
        var model = SentencePieceModel.Load(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"));
        var vocabulary = Tokenizers.With(model);
        foreach (var sample in GoldenTokenizer.Json("sentencepiece_raw.json").EnumerateArray())
        {
            var text = sample.Text("text");
            var ids = sample.GetProperty("ids").Ids();
            if (text.Contains("<s>", StringComparison.Ordinal) || text.Contains("</s>", StringComparison.Ordinal) || text.Contains("<unk>", StringComparison.Ordinal))
                continue;
            vocabulary.Encode(text, addBos: false).ShouldBe(ids, text);
            ids.Select(id => model.Pieces[id].Text).ShouldBe(sample.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()!));
            vocabulary.Decode(ids).ShouldBe(sample.Text("decoded"), text);
        }
    }

    [Theory]
    [InlineData("lisa_prompts.json")]
    [InlineData("glamm_prompts.json")]
    public void Prompts_with_an_image_give_upstreams_ids(string file)
    {
        var tokenizer = file == "lisa_prompts.json" ? GoldenTokenizer.Lisa : GoldenTokenizer.Glamm;
        foreach (var sample in GoldenTokenizer.Json(file).EnumerateArray())
            tokenizer.EncodeWithImage(sample.Text("prompt")).ShouldBe(sample.GetProperty("ids").Ids());
    }

    [Fact]
    public void An_image_place_decodes_to_nothing() =>
        GoldenTokenizer.Lisa.Decode([701, PromptTokens.ImageId, 702]).ShouldBe("<im_start> <im_end>");

    [Fact]
    public void An_id_beyond_the_vocabulary_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => GoldenTokenizer.Lisa.Decode([703]));

    [Fact]
    public void Adding_a_token_twice_changes_nothing()
    {
        var again = GoldenTokenizer.Lisa.WithTokens(["[SEG]", "the", "<unk>"]);
        again.Count.ShouldBe(GoldenTokenizer.Lisa.Count + 1);
        again.AddedTokenId("[SEG]").ShouldBe(700);
        again.AddedTokenId("the").ShouldBe(703);
        again.WithTokens(PromptTokens.Lisa).Count.ShouldBe(again.Count);
    }

    [Fact]
    public void Of_two_added_tokens_at_one_place_the_longer_wins()
    {
        var tokenizer = GoldenTokenizer.Plain.WithTokens(["<a", "<a>b"]);
        tokenizer.Encode("<a>b<a>c", addBos: false)[..2].ShouldBe([701, 700]);
    }

    [Fact]
    public void A_lone_surrogate_is_encoded_as_the_replacement_character() =>
        GoldenTokenizer.Plain.Encode("a\uD800b").ShouldBe(GoldenTokenizer.Plain.Encode("a\uFFFDb"));

    [Fact]
    public void Each_broken_byte_decodes_to_a_replacement_character()
    {
        int[] bytes = [.. new byte[] { 0xE4, 0xBD, 0x41, 0xFF }.Select(value => 3 + value)];
        GoldenTokenizer.Plain.Decode(bytes).ShouldBe("\uFFFD\uFFFDA\uFFFD");
    }

    [Fact]
    public void A_long_text_takes_time_in_proportion()
    {
        const int seed = 5;
        var random = new Random(seed);
        var words = GoldenTokenizer.Plain.Pieces.Skip(259).Select(piece => piece.Text.Replace('\u2581', ' ')).ToArray();
        var text = new StringBuilder();
        while (text.Length < 400_000)
            text.Append(words[random.Next(words.Length)]);

        var watch = Stopwatch.StartNew();
        var ids = GoldenTokenizer.Plain.Encode(text.ToString());

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), $"seed {seed}");
        GoldenTokenizer.Plain.Decode(ids, skipSpecial: true).ShouldBe(text.ToString());
    }

    [Fact]
    public void Added_tokens_and_special_tokens_are_read_from_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"), folder.File("tokenizer.model"));
        File.WriteAllText(folder.File("special_tokens_map.json"), """{"eos_token": "</s>", "pad_token": {"content": "<pad>", "lstrip": false, "rstrip": true}}""");
        File.WriteAllText(folder.File("added_tokens.json"), """{"[SEG]": 701, "<pad>": 700}""");

        var tokenizer = LlamaTokenizer.Load(folder.Path);

        (tokenizer.PadId, tokenizer.AddedTokenId("[SEG]"), tokenizer.Count).ShouldBe((700, 701, 702));
        var a = tokenizer.Encode("a", addBos: false);
        var space = tokenizer.Encode(" ", addBos: false);
        tokenizer.Encode("a </s> a").ShouldBe([1, .. a, 2, .. a]);
        tokenizer.Encode("a<pad> a").ShouldBe([1, .. a, 700, .. a]);
        tokenizer.Encode("a <s>a").ShouldBe([1, .. a, space[0], 1, .. a]);
    }

    [Fact]
    public void A_folder_without_a_vocabulary_is_named()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<FileNotFoundException>(() => LlamaTokenizer.Load(folder.Path)).Message.ShouldContain(folder.File("tokenizer.model"));
    }

    [Theory]
    [InlineData("added_tokens.json", """{"[SEG]": "x"}""")]
    [InlineData("added_tokens.json", "[1]")]
    [InlineData("special_tokens_map.json", """{"bos_token": 3}""")]
    [InlineData("tokenizer_config.json", "{")]
    public void A_damaged_settings_file_is_named(string name, string content)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"), folder.File("tokenizer.model"));
        File.WriteAllText(folder.File(name), content);
        Should.Throw<InvalidDataException>(() => LlamaTokenizer.Load(folder.Path)).Message.ShouldContain(folder.File(name));
    }

    [Fact]
    public void Byte_pieces_cover_every_character()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"\u0000\t{char.ConvertFromUtf32(0x10FFFF)} Z\u0301");
        GoldenTokenizer.Plain.Decode(GoldenTokenizer.Plain.Encode(text, addBos: false)).ShouldBe(text);
    }
}
