using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Text;
using Pipeline.Segmentation.Text;
using TemporaryFolder = Pipeline.Segmentation.Tests.Checkpoints.TemporaryFolder;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class DialogueTests : IDisposable
{
    private const int Rows = 720;
    private readonly TemporaryFolder folder = new();

    /// <summary>LISA's tokenizer in a folder, as a checkpoint has it.</summary>
    public DialogueTests()
    {
        File.Copy(Path.Combine(GoldenTokenizer.Folder, "tokenizer.model"), folder.File("tokenizer.model"));
        File.WriteAllText(folder.File("added_tokens.json"), GoldenTokenizer.Json("hf_lisa.json").GetProperty("added").GetRawText());
    }

    public static TheoryData<string> Templates => new(Conversation.All.Select(conversation => conversation.Name));

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_forced_and_an_open_conversation_have_upstreams_ids(string template)
    {
        var dialogue = Dialogue(template);

        dialogue.Forced(new Expression("cat", false, null)).Ids.ShouldBe(Golden(template, "<image>\n What is cat in this image? Please output segmentation mask."));
        dialogue.Forced(new Expression("the food that can be used", true, null)).Ids.ShouldBe(Golden(template, "<image>\n the food that can be used Please output segmentation mask."));
        var open = dialogue.Open(new Expression("Can you segment the dog in this image?", true, null));
        open.Ids.ShouldBe(Golden(template, "<image>\nCan you segment the dog in this image?"));
        open.LastInstruction.ShouldBe(open.Ids.Count - 1);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_phrase_is_asked_for_alike_whether_its_answer_is_forced_or_written(string template)
    {
        var dialogue = Dialogue(template);
        var forced = dialogue.Forced(new Expression("cat", false, null));

        dialogue.Open(new Expression("cat", false, null)).Ids.ShouldBe(forced.Ids.Take(forced.LastInstruction + 1));
    }

    [Fact]
    public void The_templates_a_job_may_name_are_those_there_are() => ModelSpec.Conversations.ShouldBe(Conversation.All.Select(conversation => conversation.Name));

    [Theory]
    [InlineData("look at <image>")]
    [InlineData("a [SEG] of it")]
    public void A_token_of_the_template_is_refused_in_an_expression(string text)
    {
        var dialogue = Dialogue("llava_v1");
        Should.Throw<ArgumentException>(() => dialogue.Open(new Expression(text, true, null))).Message.ShouldContain(text);
        Should.Throw<ArgumentException>(() => dialogue.Forced(new Expression(text, true, null))).Message.ShouldContain(text);
    }

    [Fact]
    public void An_answers_text_is_on_one_line_without_its_end_token_and_without_tokens_that_have_no_text()
    {
        var dialogue = Dialogue("llava_v1");
        var tokenizer = LlamaTokenizer.Load(folder.Path);
        int[] said = [.. tokenizer.Encode("It is [SEG].\nIs it", addBos: false), Rows - 1, tokenizer.EosId];

        dialogue.Text(said).ShouldBe("It is [SEG] .Is it");
        dialogue.Text([tokenizer.EosId]).ShouldBeEmpty();
        dialogue.Text([]).ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_ends_with_the_token_of_the_generation_settings_then_of_the_configuration_then_of_the_tokenizer()
    {
        Dialogue("v1").EndTokens.ShouldBe([2]);
        File.WriteAllText(folder.File("config.json"), """{"eos_token_id": 7}""");
        Dialogue("v1").EndTokens.ShouldBe([7]);
        File.WriteAllText(folder.File("generation_config.json"), """{"do_sample": true, "temperature": 0.9}""");
        Dialogue("v1").EndTokens.ShouldBe([7]);
        File.WriteAllText(folder.File("generation_config.json"), """{"eos_token_id": [3, 5]}""");
        Dialogue("v1").EndTokens.ShouldBe([3, 5]);
    }

    [Theory]
    [InlineData("\"two\"", "a whole number or a list of them")]
    [InlineData("[2, \"x\"]", "a list of whole numbers")]
    [InlineData("[]", "expected token ids from 0 to 719")]
    [InlineData("[2, 720]", "expected token ids from 0 to 719")]
    [InlineData("-1", "expected token ids from 0 to 719")]
    public void End_tokens_that_are_none_are_refused_with_file_and_field(string value, string message)
    {
        File.WriteAllText(folder.File("generation_config.json"), $"{{\"eos_token_id\": {value}}}");

        var fault = Should.Throw<CheckpointException>(() => Dialogue("v1")).Message;

        fault.ShouldContain("generation_config.json");
        fault.ShouldContain("eos_token_id");
        fault.ShouldContain(message);
    }

    private static int[] Golden(string template, string user) => GoldenTokenizer.Json("lisa_prompts.json").EnumerateArray()
        .Single(golden => golden.Text("conv") == template && golden.Text("user") == user).GetProperty("ids").Ids();

    private Dialogue Dialogue(string template) => new(folder.Path, Conversation.Named(template), Rows);
}
