using System.IO.Compression;
using System.Text;
using Pipeline.Segmentation.Tests.Checkpoints;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Checkpoints whose weights are damaged, wrong or an attack.</summary>
internal static class BadWeights
{
    private const string Weights = "model.safetensors", Index = "model.safetensors.index.json";

    public static IReadOnlyList<BadCase> All { get; } =
    [
        Of("are missing", bench => bench.Checkpoint((Weights, null)), "no weights found; expected model.safetensors.index.json, model.safetensors, pytorch_model.bin.index.json, pytorch_model.bin or other *.safetensors files"),
        Of("are empty", bench => bench.Checkpoint((Weights, [])), "0 bytes are too few for a safetensors file"),
        Of("are a git lfs pointer", bench => bench.Checkpoint((Weights, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"u8.ToArray())), "the header claims", "is this a complete safetensors file?"),
        Of("end early", bench => bench.Checkpoint((Weights, Whole(bench)[..^1000])), "but the file holds only", "is the file complete?"),
        Of("end within the header", bench => bench.Checkpoint((Weights, Whole(bench)[..500])), "the header claims", "is this a complete safetensors file?"),
        Of("have a header longer than memory", bench => Header(bench, "{}", ulong.MaxValue), "the header claims 18446744073709551615 bytes"),
        Of("have a header that is no JSON", bench => Header(bench, "{'a':1}"), "the header is not valid JSON"),
        Of("have a header that is a list", bench => Header(bench, "[]"), "expected an object of tensors"),
        Of("overlap", bench => Header(bench, """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}"""), "tensors 'a' and 'b' overlap"),
        Of("lie backwards", bench => Header(bench, """{"a":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}}"""), "tensor 'a' has no data_offsets [begin, end] with 0 <= begin <= end"),
        Of("lie beyond the file", bench => Header(bench, """{"a":{"dtype":"U8","shape":[99],"data_offsets":[0,99]}}"""), "tensor 'a' ends at byte 99 of the data, but the file holds only 16; is the file complete?"),
        Of("have a type that is none", bench => Header(bench, """{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,8]}}"""), "tensor 'a' has dtype F4; supported are"),
        Of("have bytes that do not fit", bench => Header(bench, """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"""), "tensor 'a' has 8 bytes, which do not fit F32 of shape (3)"),
        Of("have a shape beyond all numbers", bench => Header(bench, """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"""), "do not fit F32 of shape (4294967296, 4294967296)"),
        Of("have a tensor twice", bench => Header(bench, """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"""), "tensor 'a' appears twice in the header"),
        Of("have no embedding", bench => bench.CheckpointWith(Weights, "model.embed_tokens.weight", "model.embed_tokenz.weight"), "there is no tensor 'model.embed_tokens.weight'"),
        Of("have an index that is no JSON", bench => bench.Checkpoint((Index, "{"u8.ToArray())), Index),
        Of("have an index without a map", bench => bench.Checkpoint((Index, "{}"u8.ToArray())), "there is no object 'weight_map' of tensor names and files"),
        Of("have an index that leads out of the folder", bench => Indexed(bench, "../../etc/passwd"), "tensor 'a' is said to lie in '../../etc/passwd'; only files of the same folder are read"),
        Of("have an index that leads to the root", bench => Indexed(bench, "/etc/passwd"), "tensor 'a' is said to lie in '/etc/passwd'; only files of the same folder are read"),
        Of("have an index of files that are not there", bench => Indexed(bench, "model-00001-of-00002.safetensors"), "a file of this checkpoint is missing: model-00001-of-00002.safetensors"),
        Of("have an index of tensors that are not there", bench => Indexed(bench, Weights), "tensor 'a' is not in model.safetensors"),

        Pickle("run a command", "cos\nsystem\n(X\u0004\0\0\0truetR", "os.system is not allowed; only plain values are read, and nothing is ever run"),
        Pickle("run a command of posix", "cposix\nsystem\n(X\u0004\0\0\0truetR", "posix.system is not allowed"),
        Pickle("run a command in protocol 0", "(S'true'\nios\nsystem\n", "os.system is not allowed"),
        Pickle("evaluate", "c__builtin__\neval\n(X\u0001\0\0\01tR", "__builtin__.eval is not allowed"),
        Pickle("evaluate in protocol 4", "\u0080\u0004\u008c\u0008builtins\u008c\u0004eval\u0093\u008c\u00011\u0085R", "builtins.eval is not allowed"),
        Pickle("evaluate by way of the memo", "\u008c\u0008builtins\u0094\u008c\u0004exec\u0094h\0h\u0001\u0093", "builtins.exec is not allowed"),
        Pickle("start a process", "csubprocess\nPopen\n(X\u0004\0\0\0truetR", "subprocess.Popen is not allowed"),
        Pickle("make an object", "cbuiltins\nobject\n)\u0081", "builtins.object is not allowed"),
        Pickle("load another file", "ctorch\nload\n(X\u0001\0\0\0atR", "torch.load is not allowed"),
        Pickle("steer the terminal", "c\u001b[2J\nx\n", "\\u001b[2J.x is not allowed"),
        Pickle("have a persistent id that is none", "}(X\u0001\0\0\0aX\u0006\0\0\0moduleQu", "a storage is described by something else"),
        Pickle("fill the memo", "Nr\u00ff\u00ff\u00ff\u007f", "memo entry 2147483647 is more than"),
        Pickle("claim a text beyond memory", "X\u00ff\u00ff\u00ff\u00ff", "4294967295 bytes are claimed, and"),
        Pickle("are nested without end", string.Concat(Enumerable.Repeat("(", 2000)), "nested deeper than any that Python writes"),
        Pickle("are no dictionary", "]", "it holds no dictionary of tensors"),
        Of("of .bin end early", bench => bench.CheckpointOf(Archive().ToBytes()[..^30]), "pytorch_model.bin: as a zip archive, ", "is it complete?"),
        Of("of .bin are empty", bench => bench.CheckpointOf([]), "pytorch_model.bin: this is no zip archive as torch.save writes it"),
        Of("of .bin are of PyTorch before 1.6", bench => bench.CheckpointOf([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46]), "PyTorch's format from before 1.6, which is not read; save it again with a newer PyTorch"),
        Of("of .bin are compressed", bench => bench.CheckpointOf(new TorchArchive { Compression = CompressionLevel.SmallestSize }.Tensor("a", "Byte", new byte[1000], 0, [1000], [1]).ToBytes()), "is compressed, which torch.save never does"),
        Of("of .bin claim a storage that is larger", bench => bench.CheckpointOf(new TorchArchive().Tensor("a", "Byte", [1, 2], 0, [1], [1], 1L << 40).ToBytes()), "storage '0' claims 1099511627776 numbers of type torch.ByteStorage, and the archive has 2 bytes of it"),
        Of("of .bin leave their storage", bench => bench.CheckpointOf(new TorchArchive().Tensor("a", "Byte", [1, 2], 1, [2], [1]).ToBytes()), "leaves its storage of 2 numbers"),
        Of("of .bin hold more than tensors", bench => bench.CheckpointOf(new TorchArchive().Tensor("a", "Byte", [1], 0, [1], [1]).Value("epoch", "K\u0001").ToBytes()), "'epoch' is no tensor; only dictionaries of tensors are read"),
        Of("of .bin are big-endian", bench => bench.CheckpointOf(Archive().With("byteorder", "big"u8.ToArray()).ToBytes()), "its numbers are not little-endian"),

        Loaded("lack a tensor", bench => bench.CheckpointWith(Weights, "model.norm.weight", "model.nurm.weight"), "1 tensor is missing: model.norm.weight. 1 tensor is unexpected: model.nurm.weight"),
        Loaded("have a tensor of another shape", bench => Reshaped(bench), "1 tensor is misshapen: 'model.layers.0.mlp.down_proj.weight' has shape (256, 96); expected (96, 256)"),
        Loaded("have integers for weights", bench => Retyped(bench), "1 tensor is misshapen: 'model.norm.weight' has whole numbers; expected floating ones"),
        Loaded("lack those of the tower", bench => bench.Checkpoint(("clip-vit-tiny/model.safetensors", null)), "clip-vit-tiny: no weights found"),
        Loaded("lack a tensor of the tower", bench => bench.CheckpointWith("clip-vit-tiny/model.safetensors", "vision_model.pre_layrnorm.weight", "vision_model.pre_layrnorm.weighs"), "1 tensor is missing: vision_model.pre_layrnorm.weight"),
    ];

    private static TorchArchive Archive() => new TorchArchive().Tensor("a", "Byte", [1, 2, 3, 4], 0, [4], [1]);

    private static byte[] Whole(Workshop bench) => File.ReadAllBytes(Path.Combine(bench.Model, Weights));

    private static string Header(Workshop bench, string header, ulong? claimed = null) => bench.Checkpoint((Weights, RawSafetensors.Bytes(header, new byte[16], claimed)));

    private static string Indexed(Workshop bench, string file) =>
        bench.Checkpoint((Index, Encoding.UTF8.GetBytes($$$"""{"weight_map":{"a":"{{{file}}}"}}""")), (Weights, Whole(bench)));

    private static string Reshaped(Workshop bench) => Entry(bench, "model.layers.0.mlp.down_proj.weight", "[96,256]", "[256,96]");

    private static string Retyped(Workshop bench) => Entry(bench, "model.norm.weight", "\"BF16\"", "\"I16\" ");

    /// <summary>With something else in the header's entry of a tensor, as long as it was.</summary>
    private static string Entry(Workshop bench, string tensor, string old, string replacement)
    {
        var bytes = Whole(bench);
        var entry = bytes.AsSpan(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"{tensor}\"")));
        entry = entry[..(entry.IndexOf((byte)'}') + 1)];
        var at = entry.IndexOf(Encoding.ASCII.GetBytes(old));
        at.ShouldBeGreaterThanOrEqualTo(0, Encoding.ASCII.GetString(entry));
        Encoding.ASCII.GetBytes(replacement).CopyTo(entry[at..]);
        return bench.Checkpoint((Weights, bytes));
    }

    private static BadCase Pickle(string name, string instructions, params string[] words) =>
        Of($"of .bin {name}", bench => bench.CheckpointOf(new TorchArchive { Pickle = instructions }.ToBytes()), ["pytorch_model.bin: its pickle: ", .. words]);

    private static BadCase Of(string name, Func<Workshop, string> checkpoint, params string[] words) =>
        new($"weights: {name}", bench => $"validate {bench.Job(model: $"{{ checkpoint: {checkpoint(bench)} }}")}", ["model.checkpoint", .. words]);

    private static BadCase Loaded(string name, Func<Workshop, string> checkpoint, params string[] words) =>
        new($"weights: {name}", bench => $"prune {bench.Image} --model {checkpoint(bench)} --text ring --variants none --out {bench.Folder()}/sheet.png", words);
}
