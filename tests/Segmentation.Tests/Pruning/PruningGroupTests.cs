using System.Text.Json.Nodes;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Tests.Llama;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

/// <summary>Reference sets with other parameters than ours, made from ours where nothing is dropped.</summary>
public sealed class PruningGroupTests : IDisposable
{
    private readonly string set = Directory.CreateTempSubdirectory("golden").FullName;

    private string Group => Path.Combine(set, "pruning");

    [Fact]
    public void A_set_in_which_FastV_keeps_everything_is_verified()
    {
        Write(("fastv_rank", 48), tensors =>
        {
            for (var layer = 1; layer <= 3; layer++)
            {
                foreach (var variant in (string[])["drop", "mask"])
                {
                    tensors[$"fastv.K{layer}.{variant}.keep"] = arange(0, 71, ScalarType.Int64);
                    tensors[$"fastv.K{layer}.{variant}.logits"] = tensors["full.logits"];
                    tensors[$"fastv.K{layer}.{variant}.last_hidden"] = tensors["full.last_hidden"];
                }
            }
        });

        var rows = Verify();
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Count.ShouldBe(37);
    }

    [Fact]
    public void A_set_in_which_a_PyramidDrop_stage_drops_nothing_is_verified()
    {
        Write(("pdrop_ratios", new JsonArray(1.0, 1.0, 0.25)), tensors =>
        {
            tensors["pdrop.stage0.keep_local"] = arange(0, 71, ScalarType.Int64);
            tensors["pdrop.stage0.keep_global"] = arange(0, 71, ScalarType.Int64);
            tensors["pdrop.stage0.position_ids"] = arange(0, 71, ScalarType.Int64).unsqueeze(0);
        });

        var stage = Verify().Where(row => row.Tensor.StartsWith("pdrop.stage0.", StringComparison.Ordinal)).ToList();
        stage.Count.ShouldBe(3);
        stage.ShouldAllBe(row => row.Passed);
    }

    [Fact]
    public void A_stage_too_many_fails_every_tensor_of_PyramidDrop_and_no_other()
    {
        Write(("pdrop_layer_list", new JsonArray(1, 2, 4)), _ => { });

        var rows = Verify();
        rows.Count.ShouldBe(37);
        rows.ShouldAllBe(row => row.Passed != row.Tensor.StartsWith("pdrop.", StringComparison.Ordinal));
        rows.Where(row => !row.Passed).ShouldAllBe(row => row.Message.Contains("ratios has 2 shares for 3 boundaries", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(set, recursive: true);

    private IReadOnlyList<VerificationRow> Verify() => GoldenVerifier.Run(set, ["pruning"], CPU, ScalarType.Float32);

    private void Write((string Name, JsonNode Value) parameter, Action<Dictionary<string, Tensor>> change)
    {
        var source = Path.Combine(GoldenLlama.GoldenSet, "pruning");
        Directory.CreateDirectory(Group);
        foreach (var file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(source, file), Path.Combine(Group, file));
        var parameters = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "params.json")))!;
        parameters[parameter.Name] = parameter.Value;
        File.WriteAllText(Path.Combine(Group, "params.json"), parameters.ToJsonString());

        using var scope = NewDisposeScope();
        using var expected = Checkpoint.Open(Path.Combine(source, "io.safetensors"), CPU, ScalarType.Float32);
        var tensors = expected.Names.ToDictionary(name => name, name => expected.Weights.Get(name));
        change(tensors);
        SafetensorsWriter.Write(Path.Combine(Group, "io.safetensors"), tensors);
    }
}
