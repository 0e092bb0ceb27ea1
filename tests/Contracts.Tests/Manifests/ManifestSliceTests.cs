using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Tests.Manifests;

public sealed class ManifestSliceTests
{
    private static readonly IReadOnlyList<Sample> Samples =
    [
        new("s-1", new ImageSource { Path = "/data/1.jpg" }, "00ff", [
            new Expression("the \"röd\" cup <left>", false, new MaskSource { Rle = new Rle(4, 3, "0<\\`") }),
            new Expression("Where would one sit?", true, null)]),
        new("s-2", new ImageSource { Synthetic = new SyntheticScene(7, 1, 64, 48) }, null, [new Expression("the circle", false, null)]),
    ];

    [Fact]
    public async Task A_slice_comes_back_as_it_was_written()
    {
        var read = await ReadAsync(ManifestSlice.Write(Samples));
        JsonSerializer.Serialize(read, ContractsJson.Options).ShouldBe(JsonSerializer.Serialize(Samples, ContractsJson.Options));
        read[0].Expressions[0].Mask!.Rle.ShouldBe(new Rle(4, 3, "0<\\`"));
        read[1].Image.Synthetic.ShouldBe(new SyntheticScene(7, 1, 64, 48));
    }

    [Fact]
    public void The_bytes_of_a_slice_are_pinned_because_manifest_hashes_hang_on_them() =>
        Encoding.UTF8.GetString(ManifestSlice.Write(Samples)).ShouldBe(
            """
            {"id":"s-1","image":{"path":"/data/1.jpg"},"contentHash":"00ff","expressions":[{"text":"the \"röd\" cup <left>","isSentence":false,"mask":{"rle":{"size":[4,3],"counts":"0<\\`"}}},{"text":"Where would one sit?","isSentence":true}]}
            {"id":"s-2","image":{"synthetic":{"seed":7,"index":1,"width":64,"height":48}},"expressions":[{"text":"the circle","isSentence":false}]}

            """);

    [Fact]
    public async Task A_slice_cut_at_any_byte_is_refused()
    {
        var bytes = ManifestSlice.Write(Samples);
        var firstLine = Array.IndexOf(bytes, (byte)'\n') + 1;
        for (var length = 0; length < bytes.Length; length++)
        {
            // A cut exactly between lines is caught by the slice's hash, not by its format.
            if (length != firstLine)
                await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(bytes[..length]), $"cut at {length}");
        }
    }

    [Theory]
    [InlineData("{}\n", "slice:1")]
    [InlineData("null\n", "slice:1")]
    [InlineData("{\"id\":\"a\",\"image\":{},\"expressions\":null}\n", "slice:1")]
    [InlineData("{\"id\":\"a\",\"image\":{},\"expressions\":[{\"text\":\"x\",\"isSentence\":false}]}\n[]\n", "slice:2")]
    public async Task A_line_that_is_no_sample_is_named(string content, string where)
    {
        var fault = await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(Encoding.UTF8.GetBytes(content)));
        fault.Message.ShouldStartWith(where);
    }

    [Fact]
    public async Task A_scene_of_another_split_comes_back_with_it()
    {
        Sample sample = new("s", new ImageSource { Synthetic = new SyntheticScene(7, 1, 64, 48, SyntheticSplit.Crowded) }, null, [new Expression("the circle", false, null)]);
        var bytes = ManifestSlice.Write([sample]);
        Encoding.UTF8.GetString(bytes).ShouldContain("\"width\":64,\"height\":48,\"split\":\"crowded\"}");
        (await ReadAsync(bytes))[0].Image.Synthetic.ShouldBe(sample.Image.Synthetic);
    }

    [Fact]
    public async Task An_expression_comes_back_with_its_kind()
    {
        Sample sample = new("s", new ImageSource { Path = "/data/1.jpg" }, null, [new Expression("the circle", false, null, "attribute"), new Expression("x", false, null)]);
        var bytes = ManifestSlice.Write([sample]);
        Encoding.UTF8.GetString(bytes).ShouldContain("{\"text\":\"the circle\",\"isSentence\":false,\"kind\":\"attribute\"},{\"text\":\"x\",\"isSentence\":false}]");
        (await ReadAsync(bytes))[0].Expressions.ShouldBe(sample.Expressions);
    }

    [Theory]
    [InlineData("\"crowdet\"", "'crowdet' is not a split of the synthetic scenes; did you mean 'crowded'?")]
    [InlineData("\"test\"", "use heldout, train, validation, crowded or textures")]
    [InlineData("3", "must be text")]
    public async Task A_split_that_does_not_exist_is_named_with_those_that_do(string split, string message)
    {
        var line = $$$"""{"id":"s","image":{"synthetic":{"seed":7,"index":1,"width":64,"height":48,"split":{{{split}}}}},"expressions":[{"text":"x","isSentence":false}]}""";
        var fault = await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(Encoding.UTF8.GetBytes(line + "\n")));
        fault.Message.ShouldStartWith("slice:1");
        fault.Message.ShouldContain(message);
    }

    private static Task<IReadOnlyList<Sample>> ReadAsync(byte[] bytes) =>
        ManifestSlice.ReadAsync(new MemoryStream(bytes), "slice", TestContext.Current.CancellationToken);
}
