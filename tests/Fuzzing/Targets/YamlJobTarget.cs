namespace Pipeline.Fuzzing.Targets;

/// <summary>A job file in YAML. Nothing may be thrown at all: faults are what reading returns.</summary>
internal sealed class YamlJobTarget : IFuzzTarget
{
    public string Name => "job-yaml";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        "name: a\ndataset: { format: synthetic, count: 3, seed: 7 }\nmodel: { checkpoint: / }\nvariants: [none, 'fastv:layer=2,keep=0.5']\n",
        "name: a\ndataset:\n  format: manifest\n  path: m.jsonl\nmodel:\n  checkpoint: /\n  dtype: bfloat16\n  device: cuda:1\nvariants:\n- none\n- { method: [random, uniform], count: 64 }\nshards: { samples: 16 }\n",
        "# c\nname: \"a\\u0062\"\nvariants: ['pyramiddrop:boundaries=1/3,ratios=[0.5,0.25],average=96']\noutputs: {masks: png, overlays: 0}\nfailures:\n  percent: 5\n");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [
            "&a ", "*a", "!!str ", "!<x> ", "- ", "? ", ": ", "{", "}", "[", "]", ",", "|\n", ">-\n", "|9\n", "'", "\"", "\"\\x41\"", "\"\\uD800\"", "#", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "\t", "  ", "\n", "\r", "\u2028", "\uFEFF", "\0", "~", "null", ".inf", ".nan", "0x10",
            "1e999", "method", "fastv", "altp", "lvlm-csp", "kcenter", "layer", "keep", "layer=", "keep=0.5", "/", "=", "[[[[[[[[", "{a: {a: ", "- - - - - - ", "checkpoint: /", "path: //x/y", "http://a/b", "name", "variants", "dataset", "@", "`",
        ]);

    public long MostBytes(int length) => (4 << 20) + (2048L * length);

    public Reading Read(byte[] input) => JobReadings.Of(input, "job.yaml");

    public bool IsRefusal(Exception fault) => false;
}
