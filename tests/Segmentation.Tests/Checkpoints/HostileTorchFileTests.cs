using System.Buffers.Binary;
using System.IO.Compression;
using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Tests.Checkpoints;

public sealed class HostileTorchFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0truetR", "os.system is not allowed")]
    [InlineData("cposix\nsystem\n(X\u0004\0\0\0truetR", "posix.system is not allowed")]
    [InlineData("c__builtin__\neval\n(X\u0001\0\0\01tR", "__builtin__.eval is not allowed")]
    [InlineData("cbuiltins\nexec\n(X\u0001\0\0\01tR", "builtins.exec is not allowed")]
    [InlineData("csubprocess\nPopen\n(X\u0004\0\0\0truetR", "subprocess.Popen is not allowed")]
    [InlineData("crunpy\n_run_code\n.", "runpy._run_code is not allowed")]
    [InlineData("ctorch\nload\n(X\u0001\0\0\0atR", "torch.load is not allowed")]
    [InlineData("ctorch._utils\n_rebuild_device_tensor_from_numpy\n.", "torch._utils._rebuild_device_tensor_from_numpy is not allowed")]
    [InlineData("}(X\u0001\0\0\0aibuiltins\neval\nu", "builtins.eval is not allowed")]
    [InlineData("cos.path\njoin\n.", "os.path.join is not allowed")]
    [InlineData("ctorch\nFloatStorage\n)R", "a call of torch.FloatStorage is not allowed")]
    [InlineData("}(X\u0001\0\0\0aX\u0006\0\0\0moduleQu", "a storage is described by something else")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R", "a tensor is described by something else")]
    [InlineData("ctorch._utils\n_rebuild_parameter\n(NtR", "a parameter is made of something else")]
    [InlineData("Nr\u00ff\u00ff\u00ff\u007f", "memo entry 2147483647")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "4294967295 bytes are claimed")]
    [InlineData("]", "holds no dictionary of tensors")]
    [InlineData("}K\u0001Ns", "whose name is no text")]
    public void A_pickle_that_asks_for_more_than_tensors_is_refused_by_name(string pickle, string reason) =>
        Fault(new TorchArchive { Pickle = pickle }).ShouldContain(reason);

    [Theory]
    [InlineData("(")]
    [InlineData("]")]
    [InlineData("}X\u0001\0\0\0a")]
    public void A_pickle_nested_a_million_deep_is_refused(string instruction) =>
        Fault(new TorchArchive { Pickle = string.Concat(Enumerable.Repeat(instruction, 1_100_000)) }).ShouldContain("nested deeper");

    [Fact]
    public void A_pickle_larger_than_any_description_of_tensors_is_refused_unread() =>
        Fault(new TorchArchive { Pickle = new string('N', 17 << 20) }).ShouldContain("describe no tensors");

    [Theory]
    [InlineData(0, new long[] { 5 }, new long[] { 1 }, "has more numbers than its storage of 4")]
    [InlineData(0, new long[] { 1L << 40 }, new long[] { 0 }, "has more numbers than its storage of 4")]
    [InlineData(0, new long[] { long.MaxValue, long.MaxValue }, new long[] { long.MaxValue, 1 }, "has more numbers than its storage of 4")]
    [InlineData(1, new long[] { 4 }, new long[] { 1 }, "leaves its storage of 4 numbers")]
    [InlineData(-1, new long[] { 4 }, new long[] { 1 }, "leaves its storage of 4 numbers")]
    [InlineData(long.MaxValue, new long[] { 1 }, new long[] { 1 }, "leaves its storage of 4 numbers")]
    [InlineData(0, new long[] { 2 }, new long[] { 4 }, "leaves its storage of 4 numbers")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "leaves its storage of 4 numbers")]
    [InlineData(3, new long[] { 2 }, new long[] { -1 }, "no whole number >= 0")]
    [InlineData(0, new long[] { -4 }, new long[] { 1 }, "no whole number >= 0")]
    [InlineData(0, new long[] { 4 }, new long[] { 1, 1 }, "described by something else")]
    public void A_tensor_that_does_not_fit_its_storage_is_refused(long first, long[] shape, long[] strides, string reason) =>
        Fault(new TorchArchive().Tensor("a", "Byte", [1, 2, 3, 4], first, shape, strides)).ShouldContain(reason);

    [Theory]
    [InlineData(1L << 60)]
    [InlineData(5)]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_storage_of_another_size_than_the_archive_has_is_refused(long count) =>
        Fault(new TorchArchive().Tensor("a", "Byte", [1, 2, 3, 4], 0, [1], [1], count)).ShouldContain($"claims {count} numbers");

    [Fact]
    public void A_storage_that_is_not_there_is_named() =>
        Fault(new TorchArchive().Tensor("a", "Byte", [1], 0, [1], [1]).Value("b", "(X\a\0\0\0storagectorch\nByteStorage\nX\u0001\0\0\09X\u0003\0\0\0cpuK\u0001tQ")).ShouldContain("storage '9' is not in the archive");

    [Fact]
    public void A_value_that_is_no_tensor_is_named() =>
        Fault(new TorchArchive().Tensor("a", "Byte", [1], 0, [1], [1]).Value("epoch", "K\u0001")).ShouldContain("'epoch' is no tensor");

    [Fact]
    public void Tensors_that_share_a_storage_again_and_again_are_refused()
    {
        var archive = new TorchArchive().Tensor("a", "Byte", new byte[100_000], 0, [100_000], [1]);
        for (var i = 0; i < 20; i++)
            archive.View($"view {i}", 0, 0, [100_000], [1]);

        Fault(archive).ShouldContain("share their numbers");
    }

    [Fact]
    public void A_compressed_archive_is_refused_before_anything_grows() =>
        Fault(new TorchArchive { Compression = CompressionLevel.SmallestSize }.Tensor("a", "Byte", new byte[10_000_000], 0, [10_000_000], [1])).ShouldContain("is compressed");

    [Fact]
    public void Numbers_of_a_big_endian_machine_are_refused() =>
        Fault(new TorchArchive().Tensor("a", "Byte", [1], 0, [1], [1]).With("byteorder", "big"u8.ToArray())).ShouldContain("not little-endian");

    [Theory]
    [InlineData(22, 4294967295U, "'archive/data/0' claims")]
    [InlineData(20, 3U, "claims 4 bytes, stored in 3")]
    [InlineData(42, 4294967294U, "claims")]
    [InlineData(42, 1U, "no entry 'archive/data/0' where the directory says")]
    [InlineData(42, 0U, "lies within another one")]
    public void A_directory_that_lies_about_an_entry_is_refused(int field, uint value, string reason)
    {
        var bytes = new TorchArchive().Tensor("a", "Byte", [1, 2, 3, 4], 0, [4], [1]).ToBytes();
        var entry = bytes.AsSpan().LastIndexOf("archive/data/0"u8) - 46;
        if (field == 22)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + 20), value - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + (field == 22 ? 24 : field)), field == 22 ? value - 1 : value);

        Fault(bytes).ShouldContain(reason);
    }

    [Theory]
    [InlineData(10, "claims 65535 entries")]
    [InlineData(12, "bytes at")]
    [InlineData(16, "bytes at")]
    public void A_directory_that_claims_more_than_the_file_is_refused(int field, string reason)
    {
        var bytes = new TorchArchive().Tensor("a", "Byte", [1, 2, 3, 4], 0, [4], [1]).ToBytes();
        bytes.AsSpan(bytes.Length - 22 + field, field == 10 ? 2 : 4).Fill(0xff);

        Fault(bytes).ShouldContain(reason);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_and_named()
    {
        var whole = new TorchArchive().Tensor("a", "Byte", [1, 2, 3, 4], 0, [4], [1]).ToBytes();
        for (var length = 0; length < whole.Length; length++)
            Fault(whole[..length]).ShouldContain("model.bin");
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46 }, "from before 1.6, which is not read; save it again with a newer PyTorch")]
    [InlineData(new byte[] { 118, 101, 114, 115, 105, 111, 110, 32 }, "no zip archive as torch.save writes it")]
    [InlineData(new byte[0], "no zip archive")]
    public void A_file_of_another_format_is_refused_with_what_to_do(byte[] file, string reason) => Fault(file).ShouldContain(reason);

    [Fact]
    public void An_archive_of_something_else_is_refused()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("readme.txt", CompressionLevel.NoCompression);

        Fault(stream.ToArray()).ShouldContain("no data.pkl");
    }

    [Fact]
    public void Damaged_archives_never_end_in_anything_but_a_checkpoint_fault()
    {
        const int Seed = 40961;
        var random = new Random(Seed);
        var good = new TorchArchive { Ordered = true }.Tensor("a", "Float", new byte[16], 0, [2, 2], [2, 1]).Tensor("b", "Long", new byte[8], 0, [], []).ToBytes();
        var path = folder.File("model.bin");
        for (var round = 0; round < 10_000; round++)
        {
            var damaged = good.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, random.Next(8) == 0 ? damaged[..random.Next(damaged.Length + 1)] : damaged);
            try
            {
                using var file = TensorFile.Open(path);
                file.Entries.Sum(entry => entry.Length).ShouldBeLessThan(4 * damaged.Length);
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

    private string Fault(TorchArchive archive) => Fault(archive.ToBytes());

    private string Fault(byte[] file)
    {
        var path = folder.File("model.bin");
        File.WriteAllBytes(path, file);
        var message = Should.Throw<CheckpointException>(() => TensorFile.Open(path)).Message;
        message.ShouldStartWith(path);
        return message;
    }
}
