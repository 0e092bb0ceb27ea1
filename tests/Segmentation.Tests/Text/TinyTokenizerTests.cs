using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Text;

public sealed class TinyTokenizerTests
{
    [Fact]
    public void Words_are_single_tokens_and_everything_else_is_still_encoded()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TinyTokenizer.Write(folder.Path, ["red", "triangle", "redder"]);

        tokenizer.Encode("red triangle redder", addBos: false).Length.ShouldBe(3);
        foreach (var text in new[] { "red triangle!", "rectangle", "naïve 你好 🙂", "  two  spaces\n" })
            tokenizer.Decode(tokenizer.Encode(text), skipSpecial: true).ShouldBe(text);
    }

    [Fact]
    public void LISAs_prompt_takes_about_a_token_a_word()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TinyTokenizer.Write(folder.Path, ["red", "ball"]);
        var prompt = Conversation.LlavaV1.Prompt(Conversation.SegmentationQuestion("the red ball", isSentence: false), Conversation.ForcedAnswer);

        var ids = tokenizer.EncodeWithImage(prompt);

        ids.Length.ShouldBeLessThan(70);
        ids.Count(id => id == PromptTokens.ImageId).ShouldBe(1);
        ids.ShouldContain(tokenizer.AddedTokenId(PromptTokens.Segmentation)!.Value);
        ids.Max().ShouldBeLessThan(tokenizer.Count);
        ids[0].ShouldBe(tokenizer.BosId);
        ids[^1].ShouldBe(tokenizer.EosId);
    }

    [Fact]
    public void The_same_words_give_the_same_files()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        TinyTokenizer.Write(first.Path, ["one", "two"]);
        TinyTokenizer.Write(second.Path, ["one", "two"]);

        foreach (var file in Directory.GetFiles(first.Path))
            File.ReadAllBytes(file).ShouldBe(File.ReadAllBytes(second.File(Path.GetFileName(file))));
    }

    [Fact]
    public void A_word_with_a_space_is_refused()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<ArgumentException>(() => TinyTokenizer.Write(folder.Path, ["two words"]));
    }

    [Fact]
    public void A_phrase_is_one_token_where_it_stands_and_changes_nothing_elsewhere()
    {
        using var folder = new TemporaryFolder();
        using var without = new TemporaryFolder();
        var tokenizer = TinyTokenizer.Write(folder.Path, ["red", "ball"], "What is", "in this image?");
        var plain = TinyTokenizer.Write(without.Path, ["red", "ball"]);

        tokenizer.Encode("What is red in this image?", addBos: false).Length.ShouldBe(3);
        foreach (var text in new[] { "is red in", "What ball", "image? this", "What  is" })
            tokenizer.Encode(text).ShouldBe(plain.Encode(text), text);
        foreach (var text in new[] { "What is red in this image? What is", "in this imagery" })
            tokenizer.Decode(tokenizer.Encode(text), skipSpecial: true).ShouldBe(text);
    }
}
