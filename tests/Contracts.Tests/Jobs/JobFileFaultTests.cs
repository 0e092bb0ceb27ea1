using System.Text;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Contracts.Tests.Jobs;

public sealed class JobFileFaultTests : IDisposable
{
    private const string Good = """
        name: ablation
        dataset: { format: synthetic, count: 10 }
        model: { checkpoint: model }
        variants: [none]
        """;

    private readonly TemporaryFolder folder = new();

    public JobFileFaultTests()
    {
        folder.Write("model/config.json", "{}");
        folder.Write("broken/readme.txt", "");
        folder.Write("set.jsonl", "{}");
        string[] files =
        [
            "ReasonSeg/val/a.jpg", "ReasonSeg/val/a.json", "ReasonSeg/test/b.jpg", "ReasonSeg/test/b.json", "ReasonSeg/explanatory/train.json",
            "refer/refcoco/refs(unc).p", "refer/refcoco/refs(google).p", "refer/refcoco/instances.json", "refer/images/mscoco/images/train2014/a.jpg",
            "refer/refcoco+/refs(unc).p", "refer/refcocog/instances.json", "refer/refclef/refs(unc).p", "refer/refclef/instances.json",
        ];
        foreach (var file in files)
            folder.Write(file, "");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(": {}*a", "job.yaml", "anchors (&) and aliases (*) are not allowed")]
    [InlineData("{\"name\":\"\\ud800\"}", "job.json", "A text has half a character")]
    [InlineData("{\"\\ud800\":1}", "job.json", "A text has half a character")]
    public void What_no_parser_may_stumble_over_is_one_fault(string content, string name, string message) =>
        Read(content, name).Faults.ShouldHaveSingleItem().Message.ShouldContain(message);

    [Fact]
    public void The_job_the_table_of_faults_starts_from_is_right() => Read(Good).Faults.ShouldBeEmpty();

    /// <summary>Each row replaces the line of the good job that has its key, or adds one.</summary>
    [Theory]
    [InlineData("name: ''", "name", "is empty; use letters, digits")]
    [InlineData("name: 7", "name", "expected text, found the number 7; put it in quotes")]
    [InlineData("name: [a]", "name", "expected text, found a list")]
    [InlineData("name: a/b", "name", "'a/b' is not a job name; use letters")]
    [InlineData("name: ..", "name", "'..' is not a job name")]
    [InlineData("name:", "name", "has no value; give one or remove the key")]
    [InlineData("nmae: x", "nmae", "is not known here; did you mean 'name'?")]
    [InlineData("colour: x", "colour", "is not known here; use name, dataset, model, variants, shards, outputs or failures")]
    [InlineData("dataset: synthetic", "dataset", "expected a mapping, found 'synthetic'; use { format: synthetic, count: 200 }")]
    [InlineData("dataset: { count: 3 }", "dataset.format", "is missing; use manifest, synthetic, reasonseg, refcoco or coco")]
    [InlineData("dataset: { format: vqa }", "dataset.format", "'vqa' is not known; use manifest, synthetic, reasonseg, refcoco or coco")]
    [InlineData("dataset: { format: synthetik, count: 3 }", "dataset.format", "did you mean 'synthetic'?")]
    [InlineData("dataset: { format: synthetic }", "dataset.count", "is missing; use the number of scenes to make")]
    [InlineData("dataset: { format: synthetic, count: 0 }", "dataset.count", "0 is below 1; use 1 or more")]
    [InlineData("dataset: { format: synthetic, count: -5 }", "dataset.count", "-5 is below 1")]
    [InlineData("dataset: { format: synthetic, count: many }", "dataset.count", "expected a whole number, found 'many'")]
    [InlineData("dataset: { format: synthetic, count: 1.5 }", "dataset.count", "expected a whole number, found the number 1.5")]
    [InlineData("dataset: { format: synthetic, count: '3' }", "dataset.count", "expected a whole number, found '3'")]
    [InlineData("dataset: { format: synthetic, count: 99999999999999999999 }", "dataset.count", "expected a whole number")]
    [InlineData("dataset: { format: synthetic, count: 3, size: 8 }", "dataset.size", "8 is below 64; use 64 to 4096")]
    [InlineData("dataset: { format: synthetic, count: 3, seed: -1 }", "dataset.seed", "-1 is below 0")]
    [InlineData("dataset: { format: synthetic, count: 3, split: crowdet }", "dataset.split", "'crowdet' is not known; did you mean 'crowded'?")]
    [InlineData("dataset: { format: synthetic, count: 3, split: test }", "dataset.split", "use heldout, train, validation, crowded or textures")]
    [InlineData("dataset: { format: synthetic, count: 3, split: 1 }", "dataset.split", "expected heldout, train, validation, crowded or textures, found the number 1")]
    [InlineData("dataset: { format: synthetic, count: 3, expressions: 13 }", "dataset.expressions", "13 is above 12; use 1 to 12")]
    [InlineData("dataset: { format: synthetic, count: 3, expressions: 0 }", "dataset.expressions", "0 is below 1; use 1 to 12")]
    [InlineData("dataset: { format: manifest, path: set.jsonl, split: train }", "dataset.split", "belongs to format synthetic, reasonseg or refcoco; remove it")]
    [InlineData("dataset: { format: manifest, path: set.jsonl, expressions: 3 }", "dataset.expressions", "belongs to format synthetic; remove it")]
    [InlineData("dataset: { format: synthetic, count: 3, path: x }", "dataset.path", "belongs to format manifest, reasonseg, refcoco or coco; remove it")]
    [InlineData("dataset: { format: synthetic, count: 3, urls: allow }", "dataset.urls", "belongs to format manifest; remove it")]
    [InlineData("dataset: { format: manifest, path: set.jsonl, urls: true }", "dataset.urls", "expected refuse or allow, found true")]
    [InlineData("dataset: { format: manifest, path: set.jsonl, urls: alow }", "dataset.urls", "'alow' is not known; did you mean 'allow'?")]
    [InlineData("dataset: { format: manifest, path: \"https://example.org/set.jsonl\", urls: allow }", "dataset.path", "https://example.org/set.jsonl is an address; use a file or folder, nothing is fetched over a network")]
    [InlineData("dataset: { format: synthetic, count: 3, sed: 1 }", "dataset.sed", "did you mean 'seed'?")]
    [InlineData("dataset: { format: manifest }", "dataset.path", "is missing; use the path of a manifest file")]
    [InlineData("dataset: { format: manifest, path: gone.jsonl }", "dataset.path", "gone.jsonl does not exist; expected a manifest file (JSON lines)")]
    [InlineData("dataset: { format: manifest, path: model }", "dataset.path", "model is a folder; expected a manifest file")]
    [InlineData("dataset: { format: manifest, path: set.jsonl, count: 3 }", "dataset.count", "belongs to format synthetic; remove it")]
    [InlineData("dataset: { format: reasonseg, path: ReasonSeg }", "dataset.split", "is missing; use test or val")]
    [InlineData("dataset: { format: reasonseg, path: ReasonSeg, split: vla }", "dataset.split", "'vla' is not known; did you mean 'val'?")]
    [InlineData("dataset: { format: reasonseg, path: ReasonSeg, split: ../ReasonSeg/val }", "dataset.split", "is not known; use test or val")]
    [InlineData("dataset: { format: reasonseg, path: ReasonSeg, split: val, texts: frist }", "dataset.texts", "'frist' is not known; did you mean 'first'?")]
    [InlineData("dataset: { format: reasonseg, path: ReasonSeg, split: val, set: refcoco }", "dataset.set", "belongs to format refcoco; remove it")]
    [InlineData("dataset: { format: reasonseg, path: gone, split: val }", "dataset.path", "gone does not exist; expected the folder of ReasonSeg, which holds folders train, val and test of NAME.jpg with NAME.json")]
    [InlineData("dataset: { format: reasonseg, path: model, split: val }", "dataset.path", "model holds no folder with NAME.jpg and NAME.json; expected the folder of ReasonSeg")]
    [InlineData("dataset: { format: reasonseg, path: ReasonSeg/val, split: val }", "dataset.path", "it is a split itself: use path: ")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refcoco, split_by: unc, split: testC }", "dataset.split", "'testC' is not known; did you mean 'test'?")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refcoco, split_by: unk, split: val }", "dataset.split_by", "'unk' is not known; did you mean 'unc'?")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refcoco, split_by: umd, split: val }", "dataset.split_by", "'umd' is not known; use google or unc")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refcoc, split_by: unc, split: val }", "dataset.set", "'refcoc' is not known; did you mean 'refcoco'?")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refcoco+, split_by: unc, split: val }", "dataset.path", "refer holds no refcoco+/instances.json; expected the annotations in COCO's format there")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refclef, split_by: unc, split: val }", "dataset.path", "refer holds no images/saiapr_tc-12; expected the folder of the images there")]
    [InlineData("dataset: { format: refcoco, path: refer, set: refcocog, split_by: umd, split: val }", "dataset.set", "refcocog holds no refs(...).p; expected the expressions, such as refs(unc).p")]
    [InlineData("dataset: { format: refcoco, path: model, set: refcoco, split_by: unc, split: val }", "dataset.path", "model holds no folder refcoco, refcoco+, refcocog or refclef; expected refer's folder")]
    [InlineData("dataset: { format: refcoco, path: refer/refcoco, set: refcoco, split_by: unc, split: val }", "dataset.path", "it is a set itself: use path: ")]
    [InlineData("dataset: { format: coco, path: set.jsonl }", "dataset.images", "is missing; use the path of the folder of its images, such as val2017")]
    [InlineData("dataset: { format: coco, path: set.jsonl, images: gone }", "dataset.images", "gone does not exist; expected the folder of its images")]
    [InlineData("dataset: { format: coco, path: model, images: model }", "dataset.path", "model is a folder; expected an instances file")]
    [InlineData("dataset: { format: coco, path: set.jsonl, images: model, split: val }", "dataset.split", "belongs to format synthetic, reasonseg or refcoco; remove it")]
    [InlineData("dataset: { format: manifest, path: set.jsonl, images: model }", "dataset.images", "belongs to format coco; remove it")]
    [InlineData("model: { dtype: float32 }", "model.checkpoint", "is missing; use the path of the folder of a LISA checkpoint")]
    [InlineData("model: { checkpoint: gone }", "model.checkpoint", "gone does not exist; expected the folder of a LISA checkpoint")]
    [InlineData("model: { checkpoint: set.jsonl }", "model.checkpoint", "set.jsonl is a file; expected the folder")]
    [InlineData("model: { checkpoint: broken }", "model.checkpoint", "has no config.json")]
    [InlineData("model: { checkpoint: \"a\\0b\" }", "model.checkpoint", "is no path")]
    [InlineData("model: { checkpoint: model, dtype: float23 }", "model.dtype", "'float23' is not known; did you mean 'float32'?")]
    [InlineData("model: { checkpoint: model, device: gpu }", "model.device", "'gpu' is not a device; use auto, cpu, cuda or cuda:N")]
    [InlineData("model: { checkpoint: model, answer: generated }", "model.answer", "'generated' is not known; did you mean 'generate'?")]
    [InlineData("model: { checkpoint: model, answer: sampled }", "model.answer", "'sampled' is not known; use forced or generate")]
    [InlineData("model: { checkpoint: model, max_new_tokens: 32 }", "model.max_new_tokens", "belongs to answer: generate; remove it")]
    [InlineData("model: { checkpoint: model, answer: generate, max_new_tokens: 0 }", "model.max_new_tokens", "0 is below 1; use 1 to 8192")]
    [InlineData("model: { checkpoint: model, answer: generate, max_new_tokens: 9000 }", "model.max_new_tokens", "9000 is above 8192; use 1 to 8192")]
    [InlineData("model: { checkpoint: model, answer: generate, max_new_tokens: 1792 }", "model.max_new_tokens", "1792 leaves no room for a prompt: this model has 2048 positions, and an image takes 256 of them; use 1 to 1791")]
    [InlineData("model: { checkpoint: model, answer: generate, max_new_tokens: few }", "model.max_new_tokens", "expected a whole number, found 'few'")]
    [InlineData("model: { checkpoint: model, answer: generate, max_tokens: 5 }", "model.max_tokens", "is not known here")]
    [InlineData("model: { checkpoint: model, conversation: llava_llama2 }", "model.conversation", "'llava_llama2' is not known; did you mean 'llava_llama_2'?")]
    [InlineData("model: { checkpoint: model, conversation: 2 }", "model.conversation", "expected llava_v1, llava_llama_2 or v1, found the number 2")]
    [InlineData("variants: []", "variants", "expected a list of at least one variant, found an empty list")]
    [InlineData("variants: none", "variants", "expected a list of at least one variant, found 'none'")]
    [InlineData("variants: [none, 7]", "variants[1]", "expected a variant such as none, fastv:layer=2,keep=0.5")]
    [InlineData("variants: [nine]", "variants[0]", "'nine' is not a method; did you mean 'none'?")]
    [InlineData("variants: [{ method: fastV2, keep: 1 }]", "variants[0].method", "'fastV2' is not a method; did you mean 'fastv'?")]
    [InlineData("variants: [{ method: quadtree, keep: 1 }]", "variants[0].method", "'quadtree' is not a method; use none, random, uniform, fastv or staged")]
    [InlineData("variants: [{ keep: 0.5 }]", "variants[0].method", "is missing; use none, random")]
    [InlineData("variants: [{ method: [fastv, sluniform], keep: 0.5 }]", "variants[0].method[1]", "did you mean 'uniform'?")]
    [InlineData("variants: [{ method: 3, keep: 0.5 }]", "variants[0].method", "expected none, random, uniform, fastv or staged, found the number 3")]
    [InlineData("variants: [{ method: none, keep: 0.5 }]", "variants[0].keep", "is not a setting of 'none'; remove it")]
    [InlineData("variants: [{ method: fastv, keeep: 0.5 }]", "variants[0].keeep", "is not a setting of 'fastv'; did you mean 'keep'?")]
    [InlineData("variants: [{ method: fastv, layer: 40, keep: 0.5 }]", "variants[0].layer", "40 is beyond this model's 32 layers; use 1 to 31")]
    [InlineData("variants: [{ method: fastv, layer: 0, keep: 0.5 }]", "variants[0].layer", "0 is below 1; use 1 to 31")]
    [InlineData("variants: [{ method: fastv, layer: two, keep: 0.5 }]", "variants[0].layer", "expected the index of a decoder layer, found 'two'")]
    [InlineData("variants: [{ method: fastv, keep: 1.5 }]", "variants[0].keep", "1.5 is above 1; use a share above 0 and at most 1")]
    [InlineData("variants: [{ method: fastv, keep: 0 }]", "variants[0].keep", "0 is not above 0; use a share above 0 and at most 1")]
    [InlineData("variants: [{ method: fastv, keep: [0.5, -0.1] }]", "variants[0].keep[1]", "-0.1 is below 0")]
    [InlineData("variants: [{ method: fastv, keep: [] }]", "variants[0].keep", "is an empty list; give at least one value: a share above 0")]
    [InlineData("variants: [{ method: fastv, keep: half }]", "variants[0].keep", "expected a share above 0 and at most 1, found 'half'")]
    [InlineData("variants: [{ method: fastv, keep: .nan }]", "variants[0].keep", "expected a share above 0 and at most 1, found '.nan'")]
    [InlineData("variants: [{ method: fastv, count: 300 }]", "variants[0].count", "300 is more than this model's 256 visual tokens; use 1 to 256")]
    [InlineData("variants: [{ method: fastv, count: 0 }]", "variants[0].count", "0 is below 1; use 1 to 256")]
    [InlineData("variants: [{ method: fastv, count: 2.5 }]", "variants[0].count", "expected a number of visual tokens, found the number 2.5")]
    [InlineData("variants: [{ method: fastv, keep: 0.5, query: lst }]", "variants[0].query", "'lst' is not known; did you mean 'last'?")]
    [InlineData("variants: [{ method: fastv, keep: 0.5, query: true }]", "variants[0].query", "expected last_instruction, seg or last, found true")]
    [InlineData("variants: [{ method: fastv }]", "variants[0]", "gives none of keep or count; 'fastv' needs exactly one")]
    [InlineData("variants: [{ method: fastv, keep: 0.5, count: 3 }]", "variants[0]", "gives keep and count; 'fastv' needs exactly one of them")]
    [InlineData("variants: [{ method: random, keep: 0.5, seed: -1 }]", "variants[0].seed", "-1 is below 0; use 0 or more")]
    [InlineData("variants: [{ method: staged }]", "variants[0].layers", "is missing; 'staged' needs it: Boundaries.")]
    [InlineData("variants: [{ method: staged, layers: 8 }]", "variants[0].layers", "expected a list of layer indices such as [8, 16, 24], found the number 8")]
    [InlineData("variants: [{ method: staged, layers: [8, 8] }]", "variants[0].layers[1]", "8 stands after 8; layers ascend")]
    [InlineData("variants: [{ method: staged, layers: [[8], [16, 33]] }]", "variants[0].layers[1][1]", "33 is beyond this model's 32 layers")]
    [InlineData("variants: [{ method: staged, layers: [8], ratios: [0.5, 0] }]", "variants[0].ratios[1]", "0 is not above 0; use above 0 to 1")]
    [InlineData("variants: [{ method: staged, layers: [8], dense: yes }]", "variants[0].dense", "expected true or false, found 'yes'")]
    [InlineData("variants: [{ method: staged, layers: [8], weight: 11 }]", "variants[0].weight", "11 is above 10; use 0 to 10")]
    [InlineData("variants: [{ method: staged, layers: [8], weight: [[1]] }]", "variants[0].weight[0]", "expected a number, found a list")]
    [InlineData("variants: ['fastv:keep']", "variants[0]", "'keep' is not KEY=VALUE; expected a variant such as")]
    [InlineData("variants: ['fastv:keep=[0.5']", "variants[0]", "bracket that is not closed")]
    [InlineData("variants: ['fastv:layer=40,keep=0.5']", "variants[0].layer", "40 is beyond this model's 32 layers")]
    [InlineData("variants: [none, none]", "variants[1]", "'none' is already in variants[0]; remove one")]
    [InlineData("variants: [{ method: fastv, keep: [0.5, 0.50] }]", "variants[0]", "'fastv:keep=0.5' is already in variants[0]")]
    [InlineData("variants: [{ method: fastv, keep: 0.5 }, 'fastv:keep=0.5,layer=2']", "variants[1]", "does the same as 'fastv:keep=0.5', already in variants[0]")]
    [InlineData("shards: 16", "shards", "expected a mapping, found the number 16; use { samples: 64 }")]
    [InlineData("shards: { samples: 0 }", "shards.samples", "0 is below 1; use 1 to 100000")]
    [InlineData("outputs: { masks: jpeg }", "outputs.masks", "'jpeg' is not known; use rle, png or none")]
    [InlineData("outputs: { masks: 3 }", "outputs.masks", "expected rle, png or none, found the number 3")]
    [InlineData("outputs: { overlays: -1 }", "outputs.overlays", "-1 is below 0; use 0 to 1000")]
    [InlineData("outputs: { overlay: 1 }", "outputs.overlay", "did you mean 'overlays'?")]
    [InlineData("failures: { percent: 101 }", "failures.percent", "101 is above 100; use 0 to 100")]
    [InlineData("failures: { percent: few }", "failures.percent", "expected a number from 0 to 100, found 'few'")]
    [InlineData("failures: { count: -1 }", "failures.count", "-1 is below 0")]
    public void A_wrong_line_is_one_fault_with_its_path_and_what_would_be_right(string line, string path, string message)
    {
        var reading = Read(With(line));

        reading.Spec.ShouldBeNull();
        var fault = reading.Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBe(path);
        fault.Message.ShouldContain(message);
        fault.Message.ShouldNotContain("\n");
        fault.Line.ShouldNotBeNull().ShouldBeInRange(1, 5);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("# nothing\n", "is empty")]
    [InlineData("- a", "expected a mapping with name, dataset, model and variants, found a list")]
    [InlineData("just text", "found 'just text'")]
    [InlineData("name: [a\n", "line 2: not YAML")]
    [InlineData("a: 1\n---\nb: 2", "a second document begins")]
    [InlineData("a: &x 1\nb: *x", "line 1: anchors (&) and aliases (*) are not allowed")]
    [InlineData("a: !!binary abcd", "line 1: tags (!) are not allowed")]
    [InlineData("a: [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "nested more than 16 deep")]
    [InlineData("? [a, b]\n: 1", "a key must be a word")]
    public void A_document_that_is_no_yaml_job_is_one_fault(string content, string message)
    {
        var fault = Read(content).Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBeEmpty();
        fault.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "found an empty list")]
    [InlineData("{\n\"name\": }", "line 2: not JSON")]
    [InlineData("{} {}", "not JSON")]
    [InlineData("{} // comment", "not JSON")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]", "not JSON")]
    public void A_document_that_is_no_json_job_is_one_fault(string content, string message)
    {
        var fault = Read(content, "job.json").Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBeEmpty();
        fault.Message.ShouldContain(message);
    }

    [Fact]
    public void All_faults_come_at_once_in_the_order_of_the_document()
    {
        var reading = Read("""
            variants:
              - { method: fastv, layer: 40, keep: 2 }
              - { method: fastV2, keep: 0.5 }
              - uniform:keep=0
            shards: { samples: 0, sample: 1 }
            name: a b
            dataset: { format: manifest, path: gone }
            model: { checkpoint: model, dtype: float8 }
            """);

        reading.Faults.Select(fault => (fault.Line, fault.Path)).ShouldBe([
            (2, "variants[0].layer"),
            (2, "variants[0].keep"),
            (3, "variants[1].method"),
            (4, "variants[2].keep"),
            (5, "shards.samples"),
            (5, "shards.sample"),
            (6, "name"),
            (7, "dataset.path"),
            (8, "model.dtype")]);
    }

    [Fact]
    public void An_unreadable_checkpoint_is_one_fault_and_no_layer_is_judged_by_it()
    {
        var reading = Read(Good.Replace("model: { checkpoint: model }", "model: { checkpoint: broken }", StringComparison.Ordinal)
            .Replace("[none]", "[{ method: fastv, layer: 4000, count: 4000 }]", StringComparison.Ordinal));
        reading.Faults.ShouldHaveSingleItem().Path.ShouldBe("model.checkpoint");
    }

    [Fact]
    public void A_default_beyond_a_shallow_model_is_a_fault()
    {
        var fault = Read(With("variants: ['fastv:keep=0.5']"), catalog: new FakeModelCatalog { Layers = 2 }).Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBe("variants[0].layer");
        fault.Message.ShouldBe("is not given, and its default 2 is beyond this model's 2 layers; use 1 to 1");
    }

    [Theory]
    [InlineData("job.yaml", "name: a\nname: b\ndataset: { format: synthetic, count: 1 }\nmodel: { checkpoint: model }\nvariants: [none]")]
    [InlineData("job.json", """{"name": "a",""" + "\n" + """ "name": "b", "dataset": {"format": "synthetic", "count": 1}, "model": {"checkpoint": "model"}, "variants": ["none"]}""")]
    public void A_key_given_twice_is_a_fault_with_both_lines(string name, string content)
    {
        var fault = Read(content, name).Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBe("name");
        fault.Message.ShouldBe("is given twice, on lines 1 and 2; keep one");
    }

    [Fact]
    public void A_grid_of_more_than_a_thousand_variants_is_refused_before_it_is_built()
    {
        var list = $"[{string.Join(", ", Enumerable.Range(1, 250))}]";
        var fault = Read(With($"variants: [{{ method: random, seed: {list}, count: {list} }}]")).Faults.ShouldHaveSingleItem();
        fault.Message.ShouldContain("more than 1000 variants");
    }

    [Fact]
    public void A_file_that_is_missing_too_large_of_another_kind_or_not_text_is_one_fault()
    {
        var catalog = new FakeModelCatalog();
        File.WriteAllText(folder["large.yaml"], new string('#', JobFile.LargestFile + 1));
        File.WriteAllBytes(folder["binary.yaml"], [0xff, 0xfe, 0x00, 0x80]);

        JobFile.Read(folder["gone.yaml"], catalog).Faults.ShouldHaveSingleItem().Message.ShouldContain("does not exist");
        JobFile.Read(folder["model"], catalog).Faults.ShouldHaveSingleItem().Message.ShouldContain("is a folder");
        JobFile.Read("/dev/zero", catalog).Faults.ShouldHaveSingleItem().Message.ShouldBe("is a device or a pipe; expected a job file (.yaml or .json)");
        JobFile.Read(folder["large.yaml"], catalog).Faults.ShouldHaveSingleItem().Message.ShouldBe($"has {JobFile.LargestFile + 1} bytes; at most {JobFile.LargestFile} are read");
        JobFile.Read(folder["binary.yaml"], catalog).Faults.ShouldHaveSingleItem().Message.ShouldContain("UTF-8");
        JobFile.Read(folder.Write("job.toml", Good), catalog).Faults.ShouldHaveSingleItem().Message.ShouldContain(".yaml, .yml or .json");
    }

    /// <summary>Seeded damage to a good job: whatever comes in, faults come out and nothing is thrown.</summary>
    [Theory]
    [InlineData("job.yaml")]
    [InlineData("job.json")]
    public void Random_damage_never_throws(string name)
    {
        const int seed = 20260;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var good = Encoding.UTF8.GetBytes(name.EndsWith("json", StringComparison.Ordinal)
            ? """{"name": "a", "dataset": {"format": "synthetic", "count": 1}, "model": {"checkpoint": "model"}, "variants": ["none", {"method": "fastv", "keep": [0.5, 0.25]}]}"""
            : Good);
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var reading = JobFile.Parse(bytes, name, folder.Path, new FakeModelCatalog());
            (reading.Spec is null).ShouldBe(reading.Faults.Count > 0);
        }
    }

    private static string With(string line)
    {
        var key = line[..line.IndexOf(':', StringComparison.Ordinal)];
        var lines = Good.Split('\n').ToList();
        var at = lines.FindIndex(known => known.StartsWith(key + ":", StringComparison.Ordinal));
        if (at < 0)
            lines.Add(line);
        else
            lines[at] = line;
        return string.Join('\n', lines);
    }

    private JobReading Read(string content, string name = "job.yaml", FakeModelCatalog? catalog = null) =>
        JobFile.Parse(Encoding.UTF8.GetBytes(content), name, folder.Path, catalog ?? new FakeModelCatalog());
}
