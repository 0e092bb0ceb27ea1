using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Lisa;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Stages;
using Pipeline.TrainDemo.Training;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Training;

public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void An_exported_model_loads_as_any_LISA_and_scores_as_it_did_in_training()
    {
        using var recording = no_grad();
        using var model = TrainableModel.Create(folder.File("initial"), Recipe.Tiny.Sizes, seed: 4, CPU);
        foreach (var weight in model.Weights.Values.Where(weight => weight.is_floating_point()))
            weight.copy_(weight.to(ScalarType.BFloat16));
        var stage = new JointStage(model, Recipe.Tiny);
        var inTraining = new HeldOutEvaluation(model, new Pipeline.TrainDemo.Data.SceneSource(SyntheticSplit.Validation, 0, 256), 2).Share(stage, 0, 1);

        model.Export(folder.File("exported"));

        using (var loaded = LisaModel.Load(folder.File("exported"), CPU, ScalarType.Float32))
            loaded.UnusedTensors.ShouldAllBe(name => name.Contains("post_layernorm") || name.Contains("encoder.layers.2.") || name.Contains("mask_downscaling") || name.Contains("point_embeddings") || name.Contains("not_a_point"));
        var exported = new SplitEvaluation(folder.File("exported"), SyntheticSplit.Validation, 0, 2).Measure(threads: 2, shuffled: false);
        exported.Count.ShouldBe(24);
        exported.GIoU.ShouldBe(inTraining.GIoU, 0.01);
        exported.CIoU.ShouldBe(inTraining.CIoU, 0.01);
    }

    public void Dispose() => folder.Dispose();
}
