using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Contracts.Tests.Jobs;

public sealed class JobFileTests : IDisposable
{
    private const string Quickstart = """
        # A comment.
        name: quickstart
        dataset: { format: synthetic, count: 200, seed: 7 }
        model: { checkpoint: model, dtype: float32, answer: forced }
        variants:
          - none
          - { method: fastv, layer: 2, keep: [0.5, 0.25, 0.1] }
          - { method: random, keep: [0.25, 0.1], seed: 1 }
          - { method: uniform, keep: 0.25 }
        shards: { samples: 16 }
        outputs: { masks: rle, overlays: 12 }
        failures: { percent: 5 }
        """;

    private readonly TemporaryFolder folder = new();

    public JobFileTests() => folder.Write("model/config.json", "{}");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_quickstart_is_read_whole()
    {
        var spec = Good(Quickstart);

        spec.Name.ShouldBe("quickstart");
        spec.Dataset.ShouldBe(new DatasetSpec("synthetic") { Count = 200, Seed = 7, Size = 256 });
        spec.Model.ShouldBe(new ModelSpec(folder["model"]) { Dtype = "float32", Device = "auto", Answer = "forced" });
        spec.Shards.Samples.ShouldBe(16);
        spec.Outputs.ShouldBe(new OutputSpec { Masks = "rle", Overlays = 12 });
        spec.Failures.ShouldBe(new FailureBudget { Percent = 5, Count = null });
        spec.Variants.Select(variant => variant.Name).ShouldBe([
            "none",
            "fastv:layer=2,keep=0.5",
            "fastv:layer=2,keep=0.25",
            "fastv:layer=2,keep=0.1",
            "random:keep=0.25,seed=1",
            "random:keep=0.1,seed=1",
            "uniform:keep=0.25"]);
    }

    [Fact]
    public void A_job_that_generates_has_a_limit_and_one_that_forces_has_none()
    {
        var forced = Good(Quickstart);
        var chat = Good(Quickstart.Replace("answer: forced", "answer: generate", StringComparison.Ordinal));
        var short32 = Good(Quickstart.Replace("answer: forced", "answer: generate, max_new_tokens: 32, conversation: llava_llama_2", StringComparison.Ordinal));

        (forced.Model.Generates, forced.Model.MaxNewTokens, forced.Model.Conversation).ShouldBe((false, null, null));
        (chat.Model.Generates, chat.Model.MaxNewTokens, chat.Model.Conversation).ShouldBe((true, 512, null));
        (short32.Model.MaxNewTokens, short32.Model.Conversation).ShouldBe((32, "llava_llama_2"));
        ToJson(forced).ShouldNotContain("okens\":null");
        ToJson(forced).ShouldNotContain("generates", Case.Insensitive);
    }

    [Fact]
    public void The_same_job_in_json_is_the_same_job()
    {
        var json = Good(
            """
            {
              "name": "quickstart",
              "dataset": { "format": "synthetic", "count": 200, "seed": 7 },
              "model": { "checkpoint": "model", "dtype": "float32", "answer": "forced" },
              "variants": ["none", { "method": "fastv", "layer": 2, "keep": [0.50, 2.5e-1, 0.1] }, "random:keep=[0.25,0.1],seed=1", "uniform:keep=0.25"],
              "shards": { "samples": 16 },
              "outputs": { "masks": "rle", "overlays": 12 },
              "failures": { "percent": 5.0 }
            }
            """,
            "job.json");
        ToJson(json).ShouldBe(ToJson(Good(Quickstart)));
    }

    [Fact]
    public void A_list_of_methods_is_a_grid_too() =>
        Variants("{ method: [fastv, random], count: [8, 4] }")
            .ShouldBe(["fastv:count=8", "fastv:count=4", "random:count=8", "random:count=4"]);

    [Theory]
    [InlineData("{ method: fastv, layer: [2, 3], keep: [0.5, 0.25] }", "fastv:layer=2,keep=0.5|fastv:layer=2,keep=0.25|fastv:layer=3,keep=0.5|fastv:layer=3,keep=0.25")]
    [InlineData("{ keep: [0.5, 0.25], method: fastv, layer: [2, 3] }", "fastv:keep=0.5,layer=2|fastv:keep=0.5,layer=3|fastv:keep=0.25,layer=2|fastv:keep=0.25,layer=3")]
    [InlineData("{ method: fastv, keep: 1.0, query: [seg, last] }", "fastv:keep=1,query=seg|fastv:keep=1,query=last")]
    [InlineData("'fastv:keep=[0.5,0.25],layer=3'", "fastv:keep=0.5,layer=3|fastv:keep=0.25,layer=3")]
    [InlineData("'fastv:keep=0.5/0.25,layer=3'", "fastv:keep=0.5,layer=3|fastv:keep=0.25,layer=3")]
    [InlineData("'staged:layers=8/16/24,ratios=0.5/.25'", "staged:layers=[8,16,24],ratios=[0.5,0.25]")]
    [InlineData("'staged:layers=[8/16,[4]]'", "staged:layers=[8,16]|staged:layers=[4]")]
    [InlineData("{ method: staged, layers: [8, 16] }", "staged:layers=[8,16]")]
    [InlineData("{ method: staged, layers: [[8, 16], [4]], ratios: [0.5, .25] }", "staged:layers=[8,16],ratios=[0.5,0.25]|staged:layers=[4],ratios=[0.5,0.25]")]
    [InlineData("{ method: staged, layers: [8], dense: [true, false], weight: 1e1 }", "staged:layers=[8],dense=true,weight=10|staged:layers=[8],dense=false,weight=10")]
    public void Lists_expand_to_grids_and_a_list_valued_setting_to_one_value(string variant, string names) =>
        Variants(variant).ShouldBe(names.Split('|'));

    [Fact]
    public void A_variants_name_is_a_notation_of_the_same_variant()
    {
        var variants = Good(Quickstart.Replace("- none", "- { method: staged, layers: [[8, 16], [4]], weight: [0.1, 3] }", StringComparison.Ordinal)).Variants;
        var again = Good($"{Head}variants: [{string.Join(", ", variants.Select(variant => $"'{variant.Name}'"))}]").Variants;

        again.Select(variant => variant.Name).ShouldBe(variants.Select(variant => variant.Name));
        again.Select(variant => variant.Hash).ShouldBe(variants.Select(variant => variant.Hash));
    }

    [Fact]
    public void A_list_with_slashes_is_the_same_variant_as_one_with_brackets()
    {
        var catalog = new FakeModelCatalog();
        var slashes = VariantSpec.Parse("staged:layers=8/16/24,ratios=0.5/0.25/0.125", catalog);
        var brackets = VariantSpec.Parse("staged:layers=[8,16,24],ratios=[0.5,0.25,0.125]", catalog);

        slashes.Name.ShouldBe(brackets.Name);
        slashes.Hash.ShouldBe(brackets.Hash);
        VariantSpec.Parse(slashes.Name, catalog).Hash.ShouldBe(slashes.Hash);
    }

    [Theory]
    [InlineData("fastV:keep=0.5", "fastV:keep=0.5: 'fastV' is not a method; did you mean 'fastv'?")]
    [InlineData("fastv:layer=40,keep=0.5", "fastv:layer=40,keep=0.5: layer 40 is beyond this model's 32 layers; use 1 to 31")]
    [InlineData("fastv:layer=0,keep=2", "fastv:layer=0,keep=2: layer 0 is below 1; use 1 to 31; keep 2 is above 1; use a share above 0 and at most 1")]
    [InlineData("fastv", "fastv: gives none of keep or count; 'fastv' needs exactly one")]
    [InlineData("fastv:keep=0.5/0.25", "fastv:keep=0.5/0.25: stands for 2 variants; give one of fastv:keep=0.5 fastv:keep=0.25")]
    [InlineData("staged:layers=8//16", "'8//16' has an item of its list missing")]
    [InlineData("staged:layers=16/8", "layers[1] 8 stands after 16; layers ascend")]
    [InlineData("fastv:keep", "'keep' is not KEY=VALUE")]
    [InlineData("", "'' is not a method; use none, random, uniform, fastv or staged")]
    public void A_wrong_notation_outside_of_a_job_file_says_all_that_is_wrong(string notation, string message) =>
        Should.Throw<InvalidDataException>(() => VariantSpec.Parse(notation, new FakeModelCatalog(), FakeModelCatalog.Model.Shape))
            .Message.ShouldContain(message);

    /// <summary>Pinned: results of finished jobs are found by these hashes. The canonical text is <c>{"method":"fastv","settings":{"keep":0.5,"layer":2}}</c>.</summary>
    [Theory]
    [InlineData("none", "b095b4b7c52918615e7fdd2c61631645b23da07fc169d7b85b5f439ba94a5820")]
    [InlineData("fastv:layer=2,keep=0.5", "3d6899467f15d0bbbfd6b2d0a7a332fce73c3bd02a5d429a18c70f9484831a54")]
    [InlineData("fastv:keep=0.50,layer=2", "3d6899467f15d0bbbfd6b2d0a7a332fce73c3bd02a5d429a18c70f9484831a54")]
    public void The_hash_of_a_variant_is_stable_and_blind_to_the_order_of_its_settings(string notation, string hash) =>
        Good($"{Head}variants: ['{notation}']").Variants[0].Hash.ShouldBe(hash);

    [Fact]
    public void A_number_of_a_setting_can_be_asked_for_as_any_numeric_type()
    {
        var settings = Good($"{Head}variants: ['fastv:layer=2,keep=1']").Variants[0].Settings;
        settings["layer"].GetValue<int>().ShouldBe(2);
        settings["layer"].GetValue<long>().ShouldBe(2);
        settings["keep"].GetValue<double>().ShouldBe(1.0);
        VariantSpec.Create("fastv", new KeyValuePair<string, JsonNode>("layer", 2)).Settings["layer"].GetValue<long>().ShouldBe(2);
    }

    [Fact]
    public void A_specification_comes_back_from_json_as_it_was()
    {
        var spec = Good(Quickstart);
        var json = ToJson(spec);
        var back = JsonSerializer.Deserialize<JobSpec>(json, ContractsJson.Options).ShouldNotBeNull();

        ToJson(back).ShouldBe(json);
        back.Variants[1].Settings["keep"].GetValue<double>().ShouldBe(0.5);
        json.ShouldNotContain("null");
        json.ShouldContain("\"dataset\":{\"format\":\"synthetic\",\"count\":200");
    }

    [Theory]
    [InlineData("", "heldout", 3)]
    [InlineData(", split: heldout", "heldout", 3)]
    [InlineData(", split: textures, expressions: 12", "textures", 12)]
    [InlineData(", split: train, expressions: 1", "train", 1)]
    public void The_split_and_the_number_of_expressions_are_read_and_kept(string keys, string split, int expressions)
    {
        var spec = Good(Head.Replace(", count: 1", $", count: 1{keys}", StringComparison.Ordinal) + "variants: [none]");
        spec.Dataset.ShouldBe(new DatasetSpec("synthetic") { Count = 1, Split = split, Expressions = expressions });
        JsonSerializer.Deserialize<JobSpec>(ToJson(spec), ContractsJson.Options)!.Dataset.ShouldBe(spec.Dataset);
    }

    [Fact]
    public void A_job_stored_before_there_were_splits_is_held_out_with_three_expressions()
    {
        var dataset = JsonSerializer.Deserialize<DatasetSpec>("""{"format":"synthetic","count":5,"seed":1,"size":128}""", ContractsJson.Options);
        dataset.ShouldBe(new DatasetSpec("synthetic") { Count = 5, Seed = 1, Size = 128, Split = "heldout", Expressions = 3 });
    }

    [Fact]
    public void A_specification_that_lacks_a_part_is_refused() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<JobSpec>("""{"name":"x","dataset":{"format":"synthetic"},"variants":[]}""", ContractsJson.Options));

    [Fact]
    public void What_is_not_given_has_the_documented_default()
    {
        var spec = Good($"{Head}variants: [none]");
        spec.Shards.ShouldBe(new ShardSpec { Samples = 64 });
        spec.Outputs.ShouldBe(new OutputSpec { Masks = "rle", Overlays = 12 });
        spec.Failures.ShouldBe(new FailureBudget { Percent = 5 });
    }

    [Fact]
    public void A_path_beside_the_job_file_is_found_from_any_current_directory()
    {
        folder.Write("jobs/set.jsonl", "{}");
        folder.Write("jobs/model/config.json", "{}");
        var job = folder.Write("jobs/job.yml", "name: a\ndataset: { format: manifest, path: set.jsonl }\nmodel: { checkpoint: ./model }\nvariants: [none]\n");

        var reading = JobFile.Read(job, new FakeModelCatalog());

        reading.Faults.ShouldBeEmpty();
        reading.Spec!.Dataset.Path.ShouldBe(folder["jobs/set.jsonl"]);
        reading.Spec.Model.Checkpoint.ShouldBe(folder["jobs/model"]);
        reading.Model.ShouldBe(FakeModelCatalog.Model);
    }

    [Fact]
    public void A_published_dataset_is_read_with_its_keys_and_kept()
    {
        foreach (var file in (string[])["refer/refcocog/refs(umd).p", "refer/refcocog/instances.json", "refer/images/mscoco/images/train2014/a.jpg", "set/val/a.jpg", "set/val/a.json", "gt.json"])
            folder.Write(file, "");

        Dataset("{ format: refcoco, path: refer, set: refcocog, split_by: umd, split: test }")
            .ShouldBe(new DatasetSpec("refcoco") { Path = folder["refer"], Set = "refcocog", SplitBy = "umd", Split = "test" });
        Dataset("{ format: reasonseg, path: set, split: val }").ShouldBe(new DatasetSpec("reasonseg") { Path = folder["set"], Split = "val", Texts = "first" });
        Dataset("{ format: coco, path: gt.json, images: refer/images }").ShouldBe(new DatasetSpec("coco") { Path = folder["gt.json"], Images = folder["refer/images"] });

        DatasetSpec Dataset(string section)
        {
            var dataset = Good(Head.Replace("{ format: synthetic, count: 1 }", section, StringComparison.Ordinal) + "variants: [none]").Dataset;
            JsonSerializer.Deserialize<DatasetSpec>(JsonSerializer.Serialize(dataset, ContractsJson.Options), ContractsJson.Options).ShouldBe(dataset);
            return dataset;
        }
    }

    [Fact]
    public void The_dataset_of_a_job_is_read_without_the_rest_of_it()
    {
        var job = folder.Write("half.yaml", "dataset: { format: synthetic, count: 7 }\nmodel: { checkpoint: gone }\nwhatever: 1\n");

        JobFile.ReadDataset(job, out var faults).ShouldBe(new DatasetSpec("synthetic") { Count = 7 });
        faults.ShouldBeEmpty();

        JobFile.ReadDataset(folder["gone.yaml"], out faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().Message.ShouldContain("does not exist");
        JobFile.ParseDataset("{\"dataset\": {\"format\": \"synthetic\"}}"u8.ToArray(), "x.json", folder.Path, out faults);
        faults.ShouldHaveSingleItem().Path.ShouldBe("dataset.count");
    }

    private const string Head = "name: a\ndataset: { format: synthetic, count: 1 }\nmodel: { checkpoint: model }\n";

    private static string ToJson(JobSpec spec) => JsonSerializer.Serialize(spec, ContractsJson.Options);

    private IEnumerable<string> Variants(string variant) => Good($"{Head}variants:\n  - {variant}\n").Variants.Select(spec => spec.Name);

    private JobSpec Good(string content, string name = "job.yaml")
    {
        var reading = JobFile.Parse(Encoding.UTF8.GetBytes(content), name, folder.Path, new FakeModelCatalog());
        reading.Faults.ShouldBeEmpty();
        return reading.Spec.ShouldNotBeNull();
    }
}
