using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Text;

public sealed class ConversationTests
{
    [Fact]
    public void Every_template_gives_LISAs_prompts_to_the_letter()
    {
        foreach (var golden in GoldenTokenizer.Json("lisa_prompts.json").EnumerateArray())
        {
            var conversation = Conversation.All.Single(conversation => conversation.Name == golden.Text("conv"));
            conversation.Prompt(golden.Text("user"), golden.Text("assistant")).ShouldBe(golden.Text("prompt"));
        }
    }

    [Fact]
    public void A_question_about_a_phrase_and_one_about_a_sentence_are_LISAs()
    {
        var questions = GoldenTokenizer.Json("lisa_prompts.json").EnumerateArray().Select(golden => golden.Text("user")).ToArray();

        questions.ShouldContain(Conversation.SegmentationQuestion("cat", isSentence: false));
        questions.ShouldContain(Conversation.SegmentationQuestion("the food that can be used", isSentence: true));
    }
}
