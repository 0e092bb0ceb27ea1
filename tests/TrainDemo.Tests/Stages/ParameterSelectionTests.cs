using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Optimization;
using Pipeline.TrainDemo.Stages;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Stages;

public sealed class ParameterSelectionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TrainableModel model;

    public ParameterSelectionTests() => model = TrainableModel.Create(folder.Path, Recipe.Tiny.Sizes, seed: 1, CPU);

    [Fact]
    public void Matrices_inside_blocks_are_orthogonalised_and_stacked_ones_each_for_itself()
    {
        var chosen = new JointStage(model, Recipe.Tiny).Parameters.ToDictionary(parameter => parameter.Name);

        chosen["model.layers.0.self_attn.q_proj.weight"].Rule.ShouldBe(UpdateRule.Muon);
        chosen["model.visual_model.image_encoder.blocks.0.attn.qkv.weight"].Matrices.ShouldBe(3);
        foreach (var name in new[] { "lm_head.weight", "model.embed_tokens.weight", "model.visual_model.image_encoder.pos_embed", "model.layers.0.input_layernorm.weight" })
            chosen[name].Rule.ShouldBe(UpdateRule.AdamW, name);
        chosen["vision_model.encoder.layers.0.mlp.fc1.weight"].RateScale.ShouldBe(0.4);
    }

    [Fact]
    public void Buffers_and_weights_that_no_loss_reaches_stand_still()
    {
        var chosen = new JointStage(model, Recipe.Tiny).Parameters.Select(parameter => parameter.Name).ToHashSet();

        chosen.ShouldNotContain("model.visual_model.prompt_encoder.pe_layer.positional_encoding_gaussian_matrix");
        chosen.ShouldNotContain("vision_model.encoder.layers.2.mlp.fc1.weight");
        chosen.ShouldContain("vision_model.encoder.layers.1.mlp.fc1.weight");
        chosen.ShouldNotContain(name => name.StartsWith(Auxiliary.Prefix + "clip", StringComparison.Ordinal));
    }

    [Fact]
    public void While_the_language_model_learns_SAM_stands_still() =>
        new GroundingStage(model, Recipe.Tiny).Parameters.ShouldNotContain(parameter => parameter.Name.StartsWith("model.visual_model", StringComparison.Ordinal));

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }
}
