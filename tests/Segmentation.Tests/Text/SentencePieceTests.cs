using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Text;

public sealed class SentencePieceTests
{
    private const PieceKind Normal = PieceKind.Normal;

    [Fact]
    public void The_vocabulary_is_read_piece_by_piece()
    {
        var pieces = GoldenTokenizer.Plain.Pieces;
        foreach (var golden in GoldenTokenizer.Json("vocab.json").EnumerateArray())
        {
            var piece = pieces[golden.GetProperty("id").GetInt32()];
            (piece.Text, (double)piece.Score).ShouldBe((golden.Text("piece"), golden.GetProperty("score").GetDouble()));
            piece.Kind.ToString().ShouldBe(golden.Text("type"), StringCompareShould.IgnoreCase);
        }
    }

    [Fact]
    public void What_is_saved_is_read_again()
    {
        var model = SentencePieceModel.Load(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"));
        using var folder = new TemporaryFolder();

        model.Save(folder.File("x.model"));

        var again = SentencePieceModel.Load(folder.File("x.model"));
        again.Pieces.ShouldBe(model.Pieces);
        (again with { Pieces = model.Pieces }).ShouldBe(model);
    }

    [Fact]
    public void Of_equally_good_merges_the_leftmost_comes_first() =>
        Encode(Tokenizers.Model(("aa", Normal), ("a", Normal), ("\u2581", Normal)), "aaa").ShouldBe("\u2581|aa|a");

    [Fact]
    public void The_better_merge_comes_before_the_one_further_left() =>
        Encode(Tokenizers.Model(("bc", Normal), ("ab", Normal), ("a", Normal), ("b", Normal), ("c", Normal), ("\u2581", Normal)), "abc").ShouldBe("\u2581|a|bc");

    [Fact]
    public void A_user_defined_piece_never_merges_nor_splits() =>
        Encode(Tokenizers.Model(("bx", Normal), ("xa", Normal), ("abx", PieceKind.UserDefined), ("ab", PieceKind.UserDefined), ("a", Normal), ("b", Normal), ("x", Normal), ("\u2581", Normal)), "abxab")
            .ShouldBe("\u2581|abx|ab");

    [Fact]
    public void An_unused_piece_helps_merging_and_is_taken_apart()
    {
        var model = Tokenizers.Model(("ab", PieceKind.Unused), ("abc", Normal), ("a", Normal), ("b", Normal), ("c", Normal), ("\u2581", Normal));
        Encode(model, "abcab").ShouldBe("\u2581|abc|a|b");
    }

    [Fact]
    public void Without_byte_fallback_a_run_of_unknown_characters_is_one_unknown_piece() =>
        Encode(Tokenizers.Model(("a", Normal), ("\u2581", Normal)), "xyaz").ShouldBe("\u2581|<unk>|a|<unk>");

    [Fact]
    public void Extra_spaces_go_where_the_model_says_so()
    {
        var model = Tokenizers.Model(("a", Normal), ("\u2581", Normal));
        Encode(model with { RemoveExtraWhitespaces = true }, "  a   a ").ShouldBe("\u2581|a|\u2581|a");
        Encode(model with { RemoveExtraWhitespaces = true }, "   ").ShouldBe("");
        Encode(model with { AddDummyPrefix = false }, " a").ShouldBe("\u2581|a");
        Encode(model with { AddDummyPrefix = false }, "a").ShouldBe("a");
    }

    [Fact]
    public void Every_shorter_file_is_an_error_or_a_smaller_vocabulary_never_a_crash()
    {
        var file = File.ReadAllBytes(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"));
        using var folder = new TemporaryFolder();
        var path = folder.File("tokenizer.model");
        for (var length = 0; length < file.Length; length += 7)
        {
            File.WriteAllBytes(path, file[..length]);
            Should.Throw<InvalidDataException>(() => LlamaTokenizer.Load(folder.Path)).Message.ShouldStartWith(path);
        }
    }

    [Fact]
    public void No_damage_crashes_the_reader()
    {
        const int seed = 11;
        var random = new Random(seed);
        var file = File.ReadAllBytes(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"));
        using var folder = new TemporaryFolder();
        var faults = 0;
        for (var i = 0; i < 500; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder.File("tokenizer.model"), damaged);
            try
            {
                LlamaTokenizer.Load(folder.Path).Encode("any text", addBos: false).Length.ShouldBeGreaterThan(0);
            }
            catch (InvalidDataException)
            {
                faults++;
            }
        }
        faults.ShouldBeGreaterThan(50, $"seed {seed}");
    }

    [Theory]
    [InlineData(PieceKind.Normal, "pieces 3 and 4 are both 'a'")]
    [InlineData(PieceKind.Unknown, "pieces 0 and 4 both stand for what is unknown")]
    public void A_vocabulary_that_contradicts_itself_is_refused(PieceKind kind, string fault) =>
        Should.Throw<InvalidDataException>(() => Tokenizers.With(Tokenizers.Model(("a", Normal), (kind == Normal ? "a" : "b", kind)))).Message.ShouldContain(fault);

    [Fact]
    public void Byte_fallback_without_byte_pieces_is_refused() =>
        Should.Throw<InvalidDataException>(() => Tokenizers.With(Tokenizers.Model(("a", Normal)) with { ByteFallback = true })).Message.ShouldContain("<0x00>");

    [Theory]
    [InlineData("r")]
    [InlineData("<0xG0>")]
    [InlineData("<0x123>")]
    public void A_piece_for_a_byte_that_names_none_is_refused(string text) =>
        Should.Throw<InvalidDataException>(() => Tokenizers.With(Tokenizers.Model((text, PieceKind.Byte)))).Message.ShouldContain($"'{text}', stands for a byte; expected <0x00> to <0xFF>");

    private static string Encode(SentencePieceModel model, string text) =>
        string.Join('|', Tokenizers.With(model).Encode(text, addBos: false).Select(id => model.Pieces[id].Text));
}
