using System.Text.Json.Nodes;
using System.Xml.Linq;
using Pipeline.Evaluation.Statistics;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Results;
using static Pipeline.Orchestrator.Tests.Results.MadeReports;

namespace Pipeline.Orchestrator.Tests.Results;

public sealed class ResultsPageTests
{
    private static readonly Report Ablation = Report(
        None,
        Variant("random:keep=0.5", tokens: 32, tflops: 0.5, giou: 0.6, half: 0.02) with { DifferenceToBest = new("altp:keep=0.5", new Estimate(-0.29, -0.31, -0.27), null) },
        Variant("fastv:keep=0.5", tokens: 32, tflops: 0.5, giou: 0.2),
        Variant("uniform:keep=0.5", tokens: 32, tflops: 0.5, giou: 0.1),
        Variant("altp:keep=0.5", tokens: 32, tflops: 0.5, giou: 0.89, half: 0.02),
        Variant("random:keep=0.25", tokens: 16, tflops: 0.25, giou: 0.5),
        Variant("random:keep=0.25,seed=1", tokens: 16, tflops: 0.25, giou: 0.55),
        Variant("fastv:keep=0.1", tokens: null, tflops: null, giou: null));

    private static readonly ResultsPage Page = Make(Ablation);

    [Fact]
    public void The_table_has_every_variant_by_budget_and_then_by_gIoU() =>
        Rows("### All variants").ShouldBe(
        [
            "|  | none | none | 64.0 | 100.0 % | 0.0 % | 90.00 | 90.00 | – | – |",
            "| 32.0 tokens | altp:keep=0.5 † | altp | 32.0 | 50.0 % | 50.0 % | 89.00 | 89.00 | −1.00 [−3.00, +1.00] | no |",
            "| 32.0 tokens | random:keep=0.5 | random | 32.0 | 50.0 % | 50.0 % | 60.00 | 60.00 | −30.00 [−32.00, −28.00] | worse |",
            "| 32.0 tokens | fastv:keep=0.5 | fastv | 32.0 | 50.0 % | 50.0 % | 20.00 | 20.00 | −70.00 [−71.00, −69.00] | worse |",
            "| 32.0 tokens | uniform:keep=0.5 | uniform | 32.0 | 50.0 % | 50.0 % | 10.00 | 10.00 | −80.00 [−81.00, −79.00] | worse |",
            "| 16.0 tokens | random:keep=0.25,seed=1 | random | 16.0 | 25.0 % | 75.0 % | 55.00 | 55.00 | −35.00 [−36.00, −34.00] | worse |",
            "| 16.0 tokens | random:keep=0.25 | random | 16.0 | 25.0 % | 75.0 % | 50.00 | 50.00 | −40.00 [−41.00, −39.00] | worse |",
            "| nothing measured | fastv:keep=0.1 | fastv | – | – | – | – | – | – | – |",
        ]);

    [Fact]
    public void The_three_best_of_a_budget_are_compared_with_none_and_with_the_best() =>
        Rows("### The three best of every budget").ShouldBe(
        [
            "| 32.0 tokens, 4 variants | 1 | altp:keep=0.5 † | 89.00 | −1.00 [−3.00, +1.00] | – | 89.00 | 50.0 % |",
            "|  | 2 | random:keep=0.5 | 60.00 | −30.00 [−32.00, −28.00] | −29.00 [−31.00, −27.00] | 60.00 | 50.0 % |",
            "|  | 3 | fastv:keep=0.5 | 20.00 | −70.00 [−71.00, −69.00] | – | 20.00 | 50.0 % |",
            "| 16.0 tokens, 2 variants | 1 | random:keep=0.25,seed=1 | 55.00 | −35.00 [−36.00, −34.00] | – | 55.00 | 75.0 % |",
            "|  | 2 | random:keep=0.25 | 50.00 | −40.00 [−41.00, −39.00] | – | 50.00 | 75.0 % |",
        ]);

    [Fact]
    public void The_head_says_how_it_was_made_and_from_what()
    {
        Page.Markdown.ShouldStartWith("# Results\n\nMade from the final report of `pipeline run` by\n\n```\npipeline results a.json --out docs/results.md\n```\n");
        Page.Markdown.ShouldContain("\n| job | ablation |\n|---|---|\n| dataset | synthetic, 10 scenes of 256 x 256, split heldout, seed 7, 3 expressions each |\n| samples | 10 of 10 |\n");
        foreach (var hash in (string[])["weights | " + new string('a', 64), "fingerprint | " + new string('c', 64), "predictions digest | " + new string('d', 64)])
            Page.Markdown.ShouldContain($"| {hash} |\n");
        Page.Markdown.ShouldContain("† A re-implementation");
    }

    [Fact]
    public void The_same_predictions_at_another_time_give_the_same_page()
    {
        var slower = Ablation.Variants.Select(variant => variant with { LlmMilliseconds = new TimeReport { Median = 9, P95 = 9, Mean = 9 } });
        var again = Make(Ablation with { Job = Guid.AllBitsSet, SubmittedAt = DateTimeOffset.MaxValue, Seconds = 7, Variants = [.. slower] });

        again.Markdown.ShouldBe(Page.Markdown);
        again.Figures.ShouldBe(Page.Figures);
    }

    [Fact]
    public void A_partial_report_is_refused() =>
        Should.Throw<InvalidDataException>(() => Make(Ablation with { Final = false, Samples = 8 }))
            .Message.ShouldBe("the report of ablation is partial: 8 of 10 samples are in; results are made from final reports only");

    [Fact]
    public void A_report_without_the_unpruned_model_is_refused() =>
        Should.Throw<InvalidDataException>(() => Make(Report([.. Ablation.Variants.Skip(1)])))
            .Message.ShouldContain("has no variant 'none'");

    [Fact]
    public void Random_weights_are_said_loudly() =>
        Make(Ablation with { RandomWeights = true }).Markdown.ShouldContain("> **RANDOM WEIGHTS");

    [Fact]
    public void Each_report_has_its_column_its_section_and_its_figures()
    {
        var page = ResultsPage.Make([Ablation, Ablation with { Name = "crowded" }], "results", "pipeline", "\n");

        page.Markdown.ShouldContain("\n| job | ablation | crowded |\n|---|---|---|\n");
        page.Markdown.ShouldContain("\n## crowded\n");
        page.Figures.Select(figure => figure.SvgFile).ShouldBe(["results.svg", "results-2.svg"]);
        page.Figures.Select(figure => figure.VegaLiteFile).ShouldBe(["results.vl.json", "results-2.vl.json"]);
        foreach (var figure in page.Figures)
            page.Markdown.ShouldContain($"({figure.SvgFile})");
    }

    [Fact]
    public void What_people_wrote_is_kept_to_the_letter()
    {
        const string Notes = "\n## What is seen\n\n  ALTP wins.\n\n";
        var page = ResultsPage.Make([Ablation], "results", "pipeline", Notes).Markdown;

        HandwrittenNotes.In(page).ShouldBe(Notes);
        ResultsPage.Make([Ablation], "results", "pipeline", HandwrittenNotes.In(page)).Markdown.ShouldBe(page);
    }

    [Theory]
    [InlineData("# A page of its own")]
    [InlineData("<!-- notes -->\nno end")]
    [InlineData("no start <!-- /notes -->")]
    [InlineData("<!-- /notes --> the wrong way round <!-- notes -->")]
    [InlineData("<!-- notes --> one <!-- /notes --> <!-- notes --> two <!-- /notes -->")]
    [InlineData("<!-- notes --> one <!-- /notes --> two <!-- /notes -->")]
    public void A_page_whose_notes_cannot_be_told_is_not_made_anew(string page) =>
        Should.Throw<InvalidDataException>(() => HandwrittenNotes.In(page)).Message.ShouldContain("would lose");

    [Fact]
    public void The_picture_has_a_line_for_each_method_through_its_best_settings_and_loads_nothing()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var picture = XDocument.Parse(Page.Figures[0].Svg);

        var labels = picture.Descendants(svg + "title").Select(title => title.Value).ToArray();
        labels.ShouldContain("none: 100.0 % of FLOPs, gIoU 90.00");
        labels.ShouldContain("random:keep=0.25,seed=1: 25.0 % of FLOPs, gIoU 55.00");
        labels.ShouldNotContain(label => label.StartsWith("random:keep=0.25:", StringComparison.Ordinal), "it is not random's best at its budget");
        var lines = picture.Descendants(svg + "path").Where(path => (string?)path.Attribute("class") == "line" && ((string)path.Attribute("d")!).Contains('L')).ToArray();
        lines.Length.ShouldBe(1, "only random has two budgets");
        var texts = picture.Descendants(svg + "text").Select(text => text.Value).ToArray();
        foreach (var text in (string[])["FLOPs of the language model, % of none", "gIoU, %", "random", "fastv", "uniform", "altp", "none (100 %)"])
            texts.ShouldContain(text);
        Page.Figures[0].Svg.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).ShouldNotContain("http");
    }

    [Fact]
    public void The_specification_holds_every_measured_variant_and_marks_what_is_drawn()
    {
        var values = JsonNode.Parse(Page.Figures[0].VegaLite)!["data"]!["values"]!.AsArray();

        values.Select(value => (string)value!["variant"]!).ShouldBe(Ablation.Variants.Where(variant => variant.Giou is not null).Select(variant => variant.Name), ignoreOrder: true);
        values.Where(value => !(bool)value!["best"]!).Select(value => (string)value!["variant"]!).ShouldBe(["random:keep=0.25"]);
        var altp = values.Single(value => (string)value!["method"]! == "altp")!;
        ((double)altp["flopsPercent"]!, (double)altp["giou"]!, (double)altp["differenceLow"]!).ShouldBe((50, 89, -3));
    }

    private static ResultsPage Make(Report report) => ResultsPage.Make([report], "results", "pipeline results a.json --out docs/results.md", "\n\n");

    private static string[] Rows(string heading) =>
        [.. Page.Markdown[Page.Markdown.IndexOf(heading, StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|'))];
}
