using Pipeline.Segmentation.Flops;

namespace Pipeline.Segmentation.Tests.Flops;

/// <summary>The tables of the papers, as far as their own formulas reproduce them.</summary>
public sealed class PublishedTablesTests
{
    [Fact]
    public void FastVs_bases_and_all_13B_rows_come_out_to_the_printed_digit() =>
        Differing(PublishedTables.FastV).ShouldBe(
        [
            "LLaVA-1.5-7B, K = 2, R = 90: 20.077 for 19.9",
            "LLaVA-1.5-7B, K = 2, R = 75: 32.999 for 32.8",
            "LLaVA-1.5-7B, K = 2, R = 50: 54.790 for 54.6",
            "LLaVA-1.5-7B, K = 3, R = 90: 22.719 for 22.8",
            "LLaVA-1.5-7B, K = 3, R = 75: 35.210 for 34.8",
            "LLaVA-1.5-7B, K = 3, R = 50: 56.275 for 56.6",
            "LLaVA-1.5-7B, K = 5, R = 90: 28.002 for 27.8",
            "LLaVA-1.5-7B, K = 5, R = 75: 39.632 for 39.7",
            "LLaVA-1.5-7B, K = 5, R = 50: 59.244 for 59.6",
            "LLaVA-1.5-7B, K = 0, R = 90: 14.794 for 18.9",
            "LLaVA-1.5-7B, K = 0, R = 75: 28.577 for 28.8",
            "LLaVA-1.5-7B, K = 0, R = 50: 51.821 for 51.6",
        ]);

    [Fact]
    public void PyramidDrops_rows_come_out_to_the_printed_digit_but_for_one_reading_of_five_stages() =>
        Differing(PublishedTables.PyramidDrop).ShouldBe(["LLaVA-1.5-7B, five stages, 6/12/18/24: 1.391 for 1.38"]);

    [Fact]
    public void LiteLvlms_own_rows_lack_a_text_encoder_and_its_FastV_rows_are_not_reproduced() =>
        Differing(PublishedTables.LiteLvlm).ShouldBe(
        [
            "LiteLVLM, 192 tokens: 2.073 for 2.11",
            "LiteLVLM, 64 tokens: 1.227 for 1.27",
            "FastV, 192 tokens after K = 2: 2.234 for 2.65",
            "FastV, 192 tokens after K = 3: 2.315 for 2.65",
        ]);

    [Fact]
    public void Constant_numbers_of_tokens_cost_what_was_computed_by_hand() =>
        Values(PublishedTables.Constant).ShouldBe([3.817, 1.887, 1.675, 1.253, 0.938, 0.833, 0.416, 0.376, 7.444, 3.275, 1.531, 1.804, 2.010]);

    [Fact]
    public void The_readings_of_ninety_percent_cost_what_was_computed_by_hand()
    {
        Values(PublishedTables.Tenth).ShouldBe([3.817, 0.376, 0.592, 0.699, 1.777, 0.824, 1.467]);
        Saved(PublishedTables.Tenth).ShouldBe([0, 90.1, 84.5, 81.7, 53.4, 78.4, 61.6]);
        PublishedTables.Tenth.Figures.Select(figure => Math.Round(figure.AverageTokens, 1)).ShouldBe([576, 58, 90.4, 106.6, 270, 126, 222.8]);
    }

    [Fact]
    public void The_schedules_of_three_stages_cost_what_was_computed_by_hand()
    {
        Values(PublishedTables.ThreeStages).ShouldBe([1.675, 0.548, 0.587, 0.652, 0.535, 0.522, 0.494, 0.886, 0.783]);
        Saved(PublishedTables.ThreeStages).ShouldBe([0, 67.3, 64.9, 61.0, 68.1, 68.8, 70.5, 47.1, 53.3]);
        PublishedTables.ThreeStages.Figures.Select(figure => figure.AverageTokens).ShouldBe([256, 84, 90, 100, 82, 80, 76, 136, 120]);
    }

    [Fact]
    public void Every_schedule_has_as_many_layers_as_its_model() =>
        PublishedTables.All.SelectMany(table => table.Figures)
            .Where(figure => figure.Stages.Sum(stage => stage.Layers) != figure.Model.Layers)
            .ShouldBeEmpty();

    private static IEnumerable<string> Differing(FlopsTable table) =>
        table.Figures.Where(figure => !figure.IsReproduced).Select(figure => FormattableString.Invariant($"{figure.Case}: {figure.Value:F3} for {figure.Published}"));

    private static IEnumerable<double> Values(FlopsTable table) => table.Figures.Select(figure => Math.Round(figure.Value, 3));

    private static IEnumerable<double> Saved(FlopsTable table) => table.Figures.Select(figure => Math.Round(100 * (1 - (figure.Flops / table.Figures[0].Flops)), 1));
}
