using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "ends at byte 12 of the data, but the file holds only 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "8 bytes, which do not fit F32 of shape (3)")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,8]}}""", "8 bytes, which do not fit BF16 of shape (2)")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "'a' and 'b' overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' appears twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""", "no shape")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "has dtype F8_E4M3; supported are BOOL")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "has dtype (none)")]
    [InlineData("""{"a":7}""", "is not an object")]
    [InlineData("""{"a\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("[]", "expected an object of tensors")]
    [InlineData("{", "not valid JSON")]
    [InlineData("PK rubbish", "not valid JSON")]
    public void A_header_that_lies_is_refused_with_its_reason(string header, string reason)
    {
        var path = folder.File("model.safetensors");
        File.WriteAllBytes(path, RawSafetensors.Bytes(header, new byte[8]));

        var fault = Should.Throw<CheckpointException>(() => SafetensorsFile.Open(path));

        fault.Message.ShouldContain(reason);
        fault.Message.ShouldContain("model.safetensors");
    }

    [Theory]
    [InlineData(1_000UL)]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    public void A_header_longer_than_its_file_is_refused_without_reading_it(ulong claimed)
    {
        var path = folder.File("model.safetensors");
        File.WriteAllBytes(path, RawSafetensors.Bytes("{}", [], claimed));

        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(path)).Message.ShouldContain($"claims {claimed} bytes");
    }

    [Fact]
    public void A_file_shorter_than_a_length_is_refused()
    {
        var path = folder.File("model.safetensors");
        File.WriteAllBytes(path, [1, 2, 3]);

        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(path)).Message.ShouldContain("too few");
    }

    [Fact]
    public void Damaged_headers_never_end_in_anything_but_a_checkpoint_fault()
    {
        const int Seed = 20261;
        var random = new Random(Seed);
        var good = RawSafetensors.Bytes(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I8","shape":[],"data_offsets":[8,9]}}""", new byte[9]);
        var path = folder.File("model.safetensors");
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = good.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged[..random.Next(damaged.Length + 1)]);
            try
            {
                SafetensorsFile.Open(path).Dispose();
            }
            catch (CheckpointException)
            {
            }
            catch (Exception fault)
            {
                throw new Xunit.Sdk.XunitException($"seed {Seed}, round {round}: {fault}");
            }
        }
    }
}
