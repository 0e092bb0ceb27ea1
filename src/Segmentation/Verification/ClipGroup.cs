using Pipeline.Segmentation.Clip;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>clip</c>: the vision tower, layer by layer.</summary>
internal sealed class ClipGroup : IGoldenGroup
{
    private const double Tolerance = 2e-5;

    public string Name => "clip";

    public void Verify(GoldenFolder golden)
    {
        var tower = new ClipVisionTower(golden.Weights().Weights, ClipConfig.Read(golden.File("config.json")));
        var pixels = golden.Input("pixel_values");
        var hidden = tower.Embed(pixels);
        for (var layer = 0; layer < tower.LayerCount; layer++)
        {
            var (index, input) = (layer, hidden);
            golden.Compare($"hidden_states.{index}", Tolerance, () => input);
            if (golden.Series("attentions.*").Any(entry => entry.Numbers[0] == index))
                golden.Compare($"attentions.{index}", Tolerance, () => tower.AttentionProbabilities(index, input));
            hidden = tower.Layer(layer, hidden);
        }

        golden.Compare($"hidden_states.{tower.LayerCount}", Tolerance, () => hidden);
        golden.Compare("image_features", Tolerance, () => tower.Features(pixels, select: -2));
        golden.Compare("last_hidden_state", Tolerance, () => hidden);
        golden.Compare("pooler_output", Tolerance, () => tower.Pool(hidden));
    }
}
