using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Lisa;

/// <summary>The tokens that end an answer of a checkpoint.</summary>
/// <remarks>
/// transformers 4.31: <c>eos_token_id</c>, one or a list, of <c>generation_config.json</c> where there is that file, else of <c>config.json</c>. Nothing else of
/// that file counts: decoding is greedy whatever it says.
/// </remarks>
public static class EndTokens
{
    /// <summary>Where a checkpoint keeps its settings for generation; optional.</summary>
    public const string FileName = "generation_config.json";

    private const string Field = "eos_token_id";

    /// <param name="folder">Of the checkpoint.</param>
    /// <param name="otherwise">The tokenizer's, where neither file names any.</param>
    /// <param name="vocabulary">Rows of the embedding table.</param>
    /// <exception cref="CheckpointException">The field is neither a token id nor a list of them; names file and field.</exception>
    public static IReadOnlyList<int> Read(string folder, int otherwise, int vocabulary)
    {
        foreach (var name in (string[])[FileName, "config.json"])
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            using var file = ConfigFile.Open(path);
            if (!file.Has(Field))
                continue;
            var tokens = file.OneOrMore(Field);
            return tokens.Count > 0 && tokens.All(token => token >= 0 && token < vocabulary)
                ? tokens
                : throw new CheckpointException($"{path}: {Field} is {file.Root.GetProperty(Field).GetRawText()}; expected token ids from 0 to {vocabulary - 1}");
        }

        return [otherwise];
    }
}
