using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Text;

namespace Pipeline.Segmentation.Tests.Checkpoints;

/// <summary>Files of a checkpoint that are far larger than any of their kind; sparse, so that only their length is there.</summary>
public sealed class LargeFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_config_is_not_read() =>
        Should.Throw<CheckpointException>(() => ConfigFile.Open(Sparse("config.json", 1L << 40))).Message.ShouldEndWith("config.json has 1099511627776 bytes; at most 16777216 are read");

    [Fact]
    public void An_index_is_not_read() =>
        Should.Throw<CheckpointException>(() => ShardIndex.Read(Sparse("model.safetensors.index.json", ShardIndex.LargestFile + 1))).Message.ShouldEndWith("has 67108865 bytes; at most 67108864 are read");

    [Fact]
    public void A_tokenizer_is_not_read() =>
        Should.Throw<InvalidDataException>(() => SentencePieceModel.Load(Sparse("tokenizer.model", 1L << 40))).Message.ShouldContain("at most 67108864 are read");

    [Fact]
    public void The_settings_of_a_tokenizer_are_not_read()
    {
        Sparse("tokenizer_config.json", 1L << 40);

        Should.Throw<InvalidDataException>(() => TokenizerSettings.Load(folder.Path)).Message.ShouldContain("tokenizer_config.json has 1099511627776 bytes; at most 16777216 are read");
    }

    private string Sparse(string name, long length)
    {
        using var file = File.Create(folder.File(name));
        file.SetLength(length);
        return folder.File(name);
    }
}
