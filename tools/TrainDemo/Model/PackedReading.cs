using Pipeline.Segmentation.Text;
using Pipeline.TrainDemo.Data;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Model;

/// <summary>The language model's pass over all conversations about one image.</summary>
internal static class PackedReading
{
    /// <summary>The conversations that evaluation has, one for each expression.</summary>
    public static PackedConversations Conversations(TrainableModel model, IEnumerable<string> expressions, bool answersOnly)
    {
        int[][] rows = [.. expressions.Select(expression => model.Tokenizer.EncodeWithImage(
            Conversation.LlavaV1.Prompt(Conversation.SegmentationQuestion(expression, isSentence: false), Conversation.ForcedAnswer)))];
        return PackedConversations.Pack(rows, model.Network.Shape.VisualTokens, model.SegToken, answersOnly, model.NounTokens, model.Device);
    }

    /// <param name="model">Reads.</param>
    /// <param name="packed">What it reads.</param>
    /// <param name="visual">(1, N, d): the image's visual tokens.</param>
    /// <returns>(n, d) after each layer, the last one after the final norm too; in the caller's dispose scope.</returns>
    public static IReadOnlyList<Tensor> Read(TrainableModel model, PackedConversations packed, Tensor visual)
    {
        var language = model.Network.Language;
        var text = language.Embed(packed.Ids);
        var rotation = language.Rotary.At(packed.Positions);
        var hidden = cat([text.narrow(1, 0, packed.ImageAt), visual, text.narrow(1, packed.ImageAt, text.shape[1] - packed.ImageAt)], 1);
        var states = new List<Tensor>();
        foreach (var layer in language.Layers)
        {
            hidden = layer.Forward(hidden, rotation, packed.Mask);
            states.Add(hidden.squeeze(0));
        }

        states[^1] = language.Normalize(states[^1]);
        return states;
    }
}
