using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What is said to a LISA and by it, between text and token ids.</summary>
public sealed class Dialogue
{
    private readonly LlamaTokenizer tokenizer;
    private readonly Conversation conversation;

    /// <param name="folder">Of the checkpoint.</param>
    /// <param name="conversation">Template of its prompts.</param>
    /// <param name="vocabulary">Rows of its embedding table.</param>
    /// <exception cref="CheckpointException">The tokenizer has no [SEG] or more tokens than there are rows, or the end tokens make no sense.</exception>
    /// <exception cref="InvalidDataException">The tokenizer's files are damaged.</exception>
    public Dialogue(string folder, Conversation conversation, int vocabulary)
    {
        this.conversation = conversation;
        tokenizer = LlamaTokenizer.Load(folder);
        SegToken = tokenizer.AddedTokenId(PromptTokens.Segmentation)
            ?? throw new CheckpointException($"{folder}: the tokenizer has no added token [SEG]; expected it in added_tokens.json or tokenizer_config.json");
        if (tokenizer.Count > vocabulary)
            throw new CheckpointException($"{folder}: the tokenizer has {tokenizer.Count} tokens, model.embed_tokens.weight only {vocabulary} rows");
        EndTokens = Lisa.EndTokens.Read(folder, tokenizer.EosId, vocabulary);
    }

    /// <summary>Id of [SEG].</summary>
    public int SegToken { get; }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>A conversation with its answer "[SEG].", as LISA validates.</summary>
    /// <exception cref="ArgumentException">The expression contains a token that only the template may contain.</exception>
    public TokenRow Forced(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var question = Conversation.SegmentationQuestion(expression.Text, expression.IsSentence);
        var ids = Encode(question, Conversation.ForcedAnswer, segTokens: 1, expression);
        return new TokenRow(ids, tokenizer.EncodeWithImage(conversation.Prompt(question, null)).Length - 1);
    }

    /// <summary>A conversation whose answer the model is to write.</summary>
    /// <exception cref="ArgumentException">The expression contains a token that only the template may contain.</exception>
    public TokenRow Open(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var ids = Encode(Conversation.OpenQuestion(expression.Text, expression.IsSentence), null, segTokens: 0, expression);
        return new TokenRow(ids, ids.Length - 1);
    }

    /// <summary>An answer as text: its end token left out, added tokens set off by spaces, on one line.</summary>
    /// <remarks>LISA's chat.py removes line breaks and makes one space of two, once; so do we. Ids that the tokenizer has no text for are left out.</remarks>
    public string Text(IReadOnlyList<int> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var said = answer.Count > 0 && EndTokens.Contains(answer[^1]) ? answer.SkipLast(1) : answer;
        return tokenizer.Decode([.. said.Where(tokenizer.Knows)])
            .Replace("\n", "", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal).Trim();
    }

    private int[] Encode(string question, string? answer, int segTokens, Expression expression)
    {
        var ids = tokenizer.EncodeWithImage(conversation.Prompt(question, answer));
        return ids.Count(id => id == ImageSplice.ImageToken) == 1 && ids.Count(id => id == SegToken) == segTokens
            ? ids
            : throw new ArgumentException($"expression '{expression.Text}' contains <image> or [SEG], which only the conversation template may contain", nameof(expression));
    }
}
