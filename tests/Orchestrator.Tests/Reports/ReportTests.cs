using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.Orchestrator.Exports;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Reports;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Reports;

public sealed class ReportTests(LedgerFixture ledgers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_numbers_equal_a_recomputation_from_the_rows()
    {
        await using var room = await RunAsync(prediction => prediction is { Sample: "scene-0000002", Variant: 1 } ? TestJobs.Failed(prediction, "broken") : prediction);

        var report = (await PublishAsync(room)).Report;

        var rows = await room.QueryAsync(ledger => ledger.Predictions.ToListAsync(Token));
        (report.Final, report.Samples, report.Expressions, report.Failures).ShouldBe((true, 10, 30, 3));
        foreach (var (variant, index) in report.Variants.Select((variant, index) => (variant, index)))
        {
            var own = rows.Where(row => row.Variant == index).ToList();
            var measured = own.Where(row => row.Fault is null).ToList();
            (variant.Samples, variant.Predictions, variant.Failures).ShouldBe((10, own.Count, own.Count - measured.Count));
            variant.Giou!.Value.ShouldBe(measured.Average(row => row.Intersection!.Value / (row.Union!.Value + 1e-5)), 1e-8);
            variant.Ciou!.Value.ShouldBe((double)measured.Sum(row => row.Intersection!.Value) / measured.Sum(row => row.Union!.Value), 1e-8);
            variant.AverageVisualTokens!.Value.ShouldBe(measured.Average(row => row.VisualTokens.Average()), 1e-9);
            variant.VisualTokensPerLayer.ShouldBe(Enumerable.Range(0, TestJobs.Layers).Select(layer => measured.Average(row => row.VisualTokens[layer])));
            variant.TflopsPerSample!.Value.ShouldBe(measured.Average(row => row.Tflops), 1e-9);
            variant.LlmMilliseconds.Median!.Value.ShouldBe(measured.Select(row => row.LlmMilliseconds).Order().ElementAt((measured.Count - 1) / 2), 0.02);
        }
    }

    [Fact]
    public async Task Merging_beforehand_changes_no_number_and_counts_no_partial_twice()
    {
        // Three variants over 100 shards of one sample: 300 partials, more than are left to a report.
        await using var room = await RunAsync(prediction => prediction with { Overlap = new(40 + prediction.Variant, 80) }, TestJobs.Spec(samples: 100, perShard: 1));
        await Eventually.Get("the merge", () => room.QueryAsync(ledger => ledger.Merges.CountAsync(Token)), found => found == 3);
        var merged = JsonSerializer.Serialize((await PublishAsync(room)).Report);
        await room.Get<PartialMerge>().MergeAsync(Token);
        JsonSerializer.Serialize((await PublishAsync(room)).Report).ShouldBe(merged, "nothing was left to merge");

        await room.QueryAsync(ledger => ledger.Merges.ExecuteDeleteAsync(Token));
        await room.QueryAsync(ledger => ledger.Partials.ExecuteUpdateAsync(row => row.SetProperty(r => r.Merged, false), Token));
        JsonSerializer.Serialize((await PublishAsync(room)).Report).ShouldBe(merged);
    }

    [Fact]
    public async Task What_is_tried_again_after_it_was_merged_counts_once()
    {
        var broken = true;
        await using var room = await RunAsync(
            prediction => broken && prediction.Sample == "scene-0000003" ? TestJobs.Failed(prediction, "broken") : prediction, TestJobs.Spec(samples: 100, perShard: 1));
        await Eventually.Get("the merge", () => room.QueryAsync(ledger => ledger.Merges.CountAsync(Token)), found => found == 3);
        (await PublishAsync(room)).Report.Failures.ShouldBe(9);

        broken = false;
        await room.Get<JobRetry>().RetryAsync(room.Job, Token);
        await room.EndOfJobAsync();

        var report = (await PublishAsync(room)).Report;
        (report.Final, report.Failures, report.Variants.Sum(variant => variant.Predictions)).ShouldBe((true, 0, 900));
    }

    [Fact]
    public async Task The_numbers_by_kind_equal_a_recomputation_from_the_rows()
    {
        await using var room = await RunAsync(prediction => prediction is { Sample: "scene-0000002", Variant: 1 } ? TestJobs.Failed(prediction, "broken") : prediction);

        var published = await PublishAsync(room);

        var rows = await room.QueryAsync(ledger => ledger.Predictions.Where(row => row.Fault == null).ToListAsync(Token));
        using var json = JsonDocument.Parse(await ReadAsync(room, published.Json));
        for (var index = 0; index < 3; index++)
        {
            var own = rows.Where(row => row.Variant == index).ToLookup(row => SceneKind(row.Position, row.Expression));
            var kinds = json.RootElement.GetProperty("variants")[index].GetProperty("kinds");
            kinds.EnumerateObject().Select(kind => kind.Name).ShouldBe(own.Select(kind => kind.Key).Order(StringComparer.Ordinal));
            foreach (var kind in own)
            {
                var found = kinds.GetProperty(kind.Key);
                found.GetProperty("measured").GetInt32().ShouldBe(kind.Count());
                found.GetProperty("giou").GetDouble().ShouldBe(kind.Average(row => row.Intersection!.Value / (row.Union!.Value + 1e-5)), 1e-8);
                found.GetProperty("ciou").GetDouble().ShouldBe((double)kind.Sum(row => row.Intersection!.Value) / kind.Sum(row => row.Union!.Value), 1e-8);
            }
        }
    }

    [Fact]
    public async Task The_table_of_kinds_shows_every_kind_for_every_variant_and_a_dash_where_nothing_was_measured()
    {
        using var folder = new TemporaryFolder();
        var spec = Manifest(folder, """{"text":"a","kind":"size"},{"text":"b"},{"text":"c","kind":"<i>|&"}""");
        await using var room = await RunAsync(
            prediction => prediction is { Variant: 1, Expression: 0 } ? TestJobs.Failed(prediction, "broken") : prediction with { Overlap = new(40 + prediction.Expression, 80) }, spec);

        var published = await PublishAsync(room);

        published.Report.Variants.Select(variant => variant.Measured).ShouldBe([6, 4, 6]);
        (await ReadAsync(room, published.Markdown)).ShouldContain(
            """
            | variant | &lt;i&gt;\|&amp; (2) | size (2) |
            |---|---:|---:|
            | none | 52.50 / 52.50 | 50.00 / 50.00 |
            | fastv:layer=2,keep=0.5 | 52.50 / 52.50 | – |
            | random:keep=0.25 | 52.50 / 52.50 | 50.00 / 50.00 |

            """);
        var html = await ReadAsync(room, published.Html);
        html.ShouldContain("<th scope=\"col\">&lt;i&gt;|&amp; (2)</th><th scope=\"col\">size (2)</th>");
        html.ShouldContain("fastv:layer=2,keep=0.5</th><td>52.50 / 52.50</td><td>–</td></tr>");
        html.ShouldNotContain("<i>");
    }

    [Fact]
    public async Task A_report_without_kinds_does_not_speak_of_them()
    {
        using var folder = new TemporaryFolder();
        await using var room = await RunAsync(spec: Manifest(folder, """{"text":"a"}"""));

        var published = await PublishAsync(room);

        published.Report.Variants[0].Measured.ShouldBe(2);
        (await ReadAsync(room, published.Json)).ShouldNotContain("kinds");
        (await ReadAsync(room, published.Markdown)).ShouldNotContain("kind of expression");
        (await ReadAsync(room, published.Html)).ShouldNotContain("kind of expression");
    }

    [Fact]
    public async Task A_difference_to_none_is_paired_over_what_both_measured()
    {
        await using var room = await RunAsync(prediction => prediction is { Sample: "scene-0000002", Variant: 1 } ? TestJobs.Failed(prediction, "broken") : prediction);

        var report = (await PublishAsync(room)).Report;

        var rows = await room.QueryAsync(ledger => ledger.Predictions.Where(row => row.Sample != "scene-0000002").ToListAsync(Token));
        double Giou(int variant) => rows.Where(row => row.Variant == variant).Average(row => row.Intersection!.Value / (row.Union!.Value + 1e-5));
        var difference = report.Variants[1].DifferenceToNone.ShouldNotBeNull().Giou.ShouldNotBeNull();
        difference.Value.ShouldBe(Giou(1) - Giou(0), 1e-8);
        difference.Low.ShouldBeLessThan(difference.Value);
        difference.High.ShouldBeGreaterThan(difference.Value);
        report.Variants[0].DifferenceToNone.ShouldBeNull();
    }

    [Fact]
    public async Task A_variant_is_compared_with_the_best_of_its_budget_alone()
    {
        await using var apart = await RunAsync();
        await using var equal = await RunAsync(prediction => prediction.Variant == 2 ? prediction with { VisualTokens = [64, 64, 31, 31] } : prediction);

        (await PublishAsync(apart)).Report.Variants.ShouldAllBe(variant => variant.DifferenceToBest == null, "48 tokens are no match for 40");
        var variants = (await PublishAsync(equal)).Report.Variants;
        var (best, second) = variants[1].Giou > variants[2].Giou ? (variants[1], variants[2]) : (variants[2], variants[1]);
        variants[0].DifferenceToBest.ShouldBeNull();
        best.DifferenceToBest.ShouldBeNull();
        var difference = second.DifferenceToBest.ShouldNotBeNull();
        difference.Variant.ShouldBe(best.Name);
        difference.Giou!.Value.ShouldBe(second.Giou!.Value - best.Giou!.Value, 1e-9);
        difference.Ciou!.Value.ShouldBe(second.Ciou!.Value - best.Ciou!.Value, 1e-9);
        difference.Giou.Low.ShouldBeLessThan(difference.Giou.High);
    }

    [Fact]
    public async Task A_report_is_partial_until_every_shard_is_in()
    {
        var gate = new TaskCompletionSource();
        await using var room = await Room.OpenAsync(ledgers, async (self, context) =>
        {
            if (context.Message.Shard == 2)
                await gate.Task.WaitAsync(context.CancellationToken);
            await Room.CompleteAsync(self, context);
        });
        await room.PlanAsync(TestJobs.Spec(samples: 10, perShard: 4));
        await Eventually.Get("two shards done", () => room.QueryAsync(ledger => ledger.Shards.CountAsync(shard => shard.State == ShardState.Done, Token)), done => done == 2);

        var partial = await PublishAsync(room);
        (partial.Report.Final, partial.Report.Samples, partial.Report.SamplesPlanned).ShouldBe((false, 8, 10));
        (await ReadAsync(room, partial.Markdown)).ShouldContain("PARTIAL: 8 of 10 samples are in");
        (await ReadAsync(room, partial.Html)).ShouldContain("badge partial");

        gate.SetResult();
        await room.EndOfJobAsync();
        var final = await PublishAsync(room);
        (final.Report.Final, final.Report.Samples).ShouldBe((true, 10));
        (await ReadAsync(room, final.Html)).ShouldNotContain("badge partial");
    }

    [Fact]
    public async Task Two_runs_that_differ_only_in_time_have_one_digest_and_one_pixel_more_has_another()
    {
        await using var first = await RunAsync();
        await using var second = await RunAsync(prediction => prediction with { LlmMilliseconds = 99 });
        await using var third = await RunAsync(prediction =>
            prediction is { Sample: "scene-0000003", Expression: 0, Variant: 2 } ? prediction with { Overlap = new(1, prediction.Overlap!.Union + 1) } : prediction);

        var digests = new List<string>();
        foreach (var room in (Room[])[first, second, third])
            digests.Add((await PublishAsync(room)).Report.Digest);

        digests[1].ShouldBe(digests[0]);
        digests[2].ShouldNotBe(digests[0]);
    }

    [Fact]
    public async Task The_json_has_the_documented_keys_and_says_that_weights_are_random()
    {
        await using var room = await RunAsync();

        var published = await PublishAsync(room);

        using var json = JsonDocument.Parse(await ReadAsync(room, published.Json));
        json.RootElement.GetProperty("final").GetBoolean().ShouldBeTrue();
        json.RootElement.GetProperty("samples").GetInt64().ShouldBe(10);
        json.RootElement.GetProperty("randomWeights").GetBoolean().ShouldBeTrue();
        var variants = json.RootElement.GetProperty("variants");
        variants.GetArrayLength().ShouldBe(3);
        foreach (var key in (string[])["name", "samples", "failures", "giou", "ciou", "averageVisualTokens", "tflopsPerSample"])
            variants[1].TryGetProperty(key, out _).ShouldBeTrue(key);
        (await ReadAsync(room, published.Markdown)).ShouldContain("RANDOM WEIGHTS");
        (await ReadAsync(room, published.Html)).ShouldContain("RANDOM WEIGHTS");
    }

    [Fact]
    public async Task The_page_shows_every_variant_on_each_overlay_sample_and_loads_nothing_from_elsewhere()
    {
        await using var room = await RunAsync();

        var html = await ReadAsync(room, (await PublishAsync(room)).Html);

        // Three samples of three expressions, each with its truth and three variants.
        Count(html, "<figure>").ShouldBe(3 * 3 * 4);
        Count(html, "class=\"mask\"").ShouldBe(3 * 3 * 4);
        html.ShouldNotContain("http://");
        html.ShouldNotContain("https://");
        html.ShouldNotContain("<script");
    }

    [Fact]
    public async Task The_page_shows_the_tokens_of_every_stage_of_the_variants_that_drop_some()
    {
        // Of the grid of 8 x 8, variant 1 drops the cells 2 to 4 of its third row.
        int[] all = [.. Enumerable.Range(0, TestJobs.Tokens)];
        int[] some = [.. all.Where(cell => cell is < 18 or > 20)];
        await using var room = await RunAsync(prediction => prediction with { Stages = prediction.Variant == 1 ? [new(0, all), new(2, some)] : [new(0, all)] });

        var html = await ReadAsync(room, (await PublishAsync(room)).Html);

        Count(html, "<details class=\"kept\"").ShouldBe(3 * 3);
        Count(html, "<details class=\"kept\" open>").ShouldBe(1);
        Count(html, "<figure class=\"stage\">").ShouldBe(3 * 3 * 2);
        Count(html, "viewBox=\"0 0 8 8\" preserveAspectRatio=\"none\"><path class=\"dropped\" d=\"M2 2h3v1h-3z\"/>").ShouldBe(3 * 3);
        Count(html, "aria-label=\"layers 2–3: 61 of 64 visual tokens\"").ShouldBe(3 * 3);
        html.ShouldNotContain("<script");
    }

    [Fact]
    public async Task A_method_whose_paper_leaves_settings_open_is_called_a_re_implementation()
    {
        var spec = TestJobs.Spec() with { Variants = [.. TestJobs.Spec().Variants.Select(variant => variant with { IsReimplementation = variant.Method == "random" })] };
        await using var room = await RunAsync(spec: spec);

        var published = await PublishAsync(room);

        published.Report.Variants.Select(variant => variant.Reimplementation).ShouldBe([false, false, true]);
        (await ReadAsync(room, published.Html)).ShouldContain("random:keep=0.25<small>re-implementation</small>");
        (await ReadAsync(room, published.Markdown)).ShouldContain("random:keep=0.25 (re-implementation)");
    }

    [Fact]
    public async Task Text_from_outside_never_becomes_markup()
    {
        const string Hostile = "</td><script>alert('x')</script><img src=x onerror=alert(1)>";
        await using var room = await RunAsync(prediction => prediction.Sample == "scene-0000000" ? TestJobs.Failed(prediction, Hostile) : prediction);

        var published = await PublishAsync(room);

        var html = await ReadAsync(room, published.Html);
        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldContain("&lt;script&gt;");
        (await ReadAsync(room, published.Markdown)).ShouldNotContain("<script");
    }

    [Fact]
    public async Task Generated_answers_are_counted_shown_and_exported_with_their_text()
    {
        const string Hostile = "Sure <b>it</b> is [SEG] .";
        var spec = TestJobs.Spec();
        spec = spec with { Model = spec.Model with { Answer = ModelSpec.Generate, MaxNewTokens = 40 } };
        await using var room = await RunAsync(
            prediction => prediction with
            {
                Answer = new GeneratedAnswer(Hostile, prediction.Expression, 2 + prediction.Expression) { Truncated = prediction.Expression == 2, DecodeMilliseconds = 10 },
            },
            spec);

        var published = await PublishAsync(room);

        foreach (var variant in published.Report.Variants)
        {
            var answers = variant.Answers!;
            (answers.Answers, answers.WithoutMask, answers.WithOneMask, answers.WithSeveralMasks, answers.Truncated, answers.MeanNewTokens).ShouldBe((30, 10, 10, 10, 10, 3));
            answers.TokensPerSecond!.Value.ShouldBe(60 / 0.3, 1e-6);
        }

        var html = await ReadAsync(room, published.Html);
        html.ShouldContain("<p class=\"said\">Sure &lt;b&gt;it&lt;/b&gt; is [SEG] . … <small>cut off</small></p>");
        html.ShouldNotContain("<b>it");
        (await ReadAsync(room, published.Markdown)).ShouldMatch(@"\| none \| 30 \| 10 \| 10 \| 10 \| 10 \| 3\.0 \| 10\.\d / 10\.\d \| 200\.0 \|");
        using var exported = new MemoryStream();
        var export = new JobExport(room.Get<IDbContextFactory<LedgerContext>>(), room.Artifacts);
        await export.WriteAsync(await export.PlanAsync(room.Job, Token), exported, Token);
        exported.Position = 0;
        using var lines = new StreamReader(new System.IO.Compression.GZipStream(exported, System.IO.Compression.CompressionMode.Decompress));
        Count(await lines.ReadToEndAsync(Token), "is [SEG] .").ShouldBe(90);
    }

    [Fact]
    public async Task A_forced_job_says_nothing_of_answers()
    {
        await using var room = await RunAsync();

        var published = await PublishAsync(room);

        published.Report.Variants.ShouldAllBe(variant => variant.Answers == null);
        (await ReadAsync(room, published.Json)).ShouldNotContain("\"answers\"");
        (await ReadAsync(room, published.Html)).ShouldNotContain("class=\"said\"");
    }

    private static string SceneKind(long position, int expression) =>
        SyntheticScenes.Describe(new SyntheticScene(7, (int)position, 64, 64)).Expressions[expression].Kind.ToString().ToLowerInvariant();

    /// <returns>A job over two samples, each with these expressions.</returns>
    private static JobSpec Manifest(TemporaryFolder folder, string expressions)
    {
        File.WriteAllLines(folder.File("manifest.jsonl"), ((string[])["s-1", "s-2"]).Select(id => $$"""{"id":"{{id}}","image":"gone.png","expressions":[{{expressions}}]}"""));
        return TestJobs.Spec() with { Dataset = new DatasetSpec("manifest") { Path = folder.File("manifest.jsonl") } };
    }

    private async Task<Room> RunAsync(Func<Prediction, Prediction>? alter = null, JobSpec? spec = null)
    {
        var room = await Room.OpenAsync(ledgers, async (self, context) => await context.Publish(await self.StoreResultAsync(context.Message, alter)));
        await room.PlanAsync((spec ?? TestJobs.Spec()) with { Failures = new() { Percent = 100 } });
        (await room.EndOfJobAsync()).State.ShouldBe(JobState.Done);
        return room;
    }

    private static Task<PublishedReport> PublishAsync(Room room) => room.Get<ReportPublisher>().PublishAsync(room.Job, Token);

    private static async Task<string> ReadAsync(Room room, Contracts.Artifacts.ArtifactReference artifact)
    {
        await using var stream = await room.Artifacts.OpenAsync(artifact.Name, Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Token);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
