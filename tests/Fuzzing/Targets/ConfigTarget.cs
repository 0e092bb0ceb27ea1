using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Fuzzing.Targets;

/// <summary><c>config.json</c>, read as that of a LISA checkpoint and as that of a vision tower.</summary>
internal sealed class ConfigTarget : IFuzzTarget, IDisposable
{
    private readonly ScratchFile file = new("config.json");

    public string Name => "config-json";

    public IReadOnlyList<byte[]> Seeds { get; } = Bytes.Of(
        """{"train_mask_decoder":true,"vision_tower":"openai/clip-vit-large-patch14","mm_vision_select_layer":-2,"mm_use_im_start_end":true,"hidden_size":64,"intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"rms_norm_eps":1e-6,"rope_scaling":null,"hidden_act":"silu","conversation":"llava_v1","num_attention_heads":4,"image_size":224,"patch_size":14}""",
        """{"vision_config":{"num_attention_heads":4,"image_size":224,"patch_size":14,"layer_norm_eps":1e-5,"hidden_act":"quick_gelu"}}""");

    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        [.. Bytes.JsonWords, "\"num_attention_heads\"", "\"hidden_size\"", "\"rope_scaling\"", "\"vision_config\"", "\"train_mask_decoder\"", "\"llava_llama_2\"", "\"gelu\"", "2147483647", "0"]);

    public Reading Read(byte[] input)
    {
        file.Fill(input);
        var isTower = Read(() => ClipConfig.Read(file.Path).GridSize);
        var isLisa = Read(() => LisaConfig.Read(file.Path).Language.HeadSize);
        return new Reading(isTower || isLisa);
    }

    public bool IsRefusal(Exception fault) => fault is CheckpointException;

    public void Dispose() => file.Dispose();

    private static bool Read(Func<int> read)
    {
        try
        {
            return read() >= 0;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }
}
