namespace Pipeline.Fuzzing.Targets;

/// <summary>A job file in JSON. Nothing may be thrown at all: faults are what reading returns.</summary>
internal sealed class JsonJobTarget : IFuzzTarget
{
    public string Name => "job-json";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """{"name":"a","dataset":{"format":"synthetic","count":3,"seed":7},"model":{"checkpoint":"/"},"variants":["none","fastv:layer=2,keep=0.5"]}""",
        """{"name":"a","dataset":{"format":"manifest","path":"m.jsonl"},"model":{"checkpoint":"/","dtype":"bfloat16"},"variants":[{"method":["random","uniform"],"count":[64,32]}],"shards":{"samples":16},"failures":{"percent":5}}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of([.. Bytes.JsonWords, "\"method\"", "\"fastv\"", "\"kcenter\"", "\"layer\"", "\"keep\"", "\"name\"", "\"variants\"", "\"dataset\"", "\"http://a/b\"", "fastv:", "layer=", "[0.5,", "\\n"]);

    public long MostBytes(int length) => (4 << 20) + (2048L * length);

    public Reading Read(byte[] input) => JobReadings.Of(input, "job.json");

    public bool IsRefusal(Exception fault) => false;
}
