using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Inference;

public sealed class CheckpointHashesTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public void Weights_behind_a_link_are_hashed_anew_when_they_change()
    {
        var hashes = new CheckpointHashes();
        var link = Path.Combine(model.Folder, "model.safetensors");
        var weights = Path.Combine(model.Folder, "weights");
        File.Move(link, weights);
        File.CreateSymbolicLink(link, "weights");
        var before = hashes.Of(model.Folder);
        hashes.Of(model.Folder).ShouldBe(before);

        using (var file = File.Open(weights, FileMode.Open))
        {
            file.Seek(-1, SeekOrigin.End);
            var last = file.ReadByte();
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte((byte)(last ^ 1));
        }

        hashes.Of(model.Folder).ShouldNotBe(before);
    }
}
