using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Llama;

/// <summary>The sizes and constants of a LLaMA decoder.</summary>
/// <remarks>transformers 4.31 configuration_llama.py.</remarks>
public sealed record LlamaConfig
{
    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    /// <summary>Decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; fewer than <see cref="Heads"/> means grouped-query attention.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Added to the mean square before its root.</summary>
    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary frequencies.</summary>
    /// <value>Default 10000, as in files that do not name it.</value>
    public double RopeTheta { get; init; } = 10000;

    /// <summary>Positions it was trained on; null where the file does not say.</summary>
    public int? MaxPositions { get; init; }

    public int HeadSize => HiddenSize / Heads;

    /// <exception cref="CheckpointException">A size is missing or impossible, or the file asks for a variant this decoder does not compute; names the file and the field.</exception>
    public static LlamaConfig Read(ConfigFile file)
    {
        var heads = file.Positive("num_attention_heads");
        var config = new LlamaConfig
        {
            HiddenSize = file.Positive("hidden_size"),
            IntermediateSize = file.Positive("intermediate_size"),
            Layers = file.Positive("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = file.Positive("num_key_value_heads", heads),
            RmsNormEpsilon = file.Number("rms_norm_eps", 1e-6),
            RopeTheta = file.Number("rope_theta", 10000),
            MaxPositions = file.Has("max_position_embeddings") ? file.Positive("max_position_embeddings") : null,
        };
        if (config.HiddenSize % (2 * heads) != 0)
            throw new CheckpointException($"{file.Path}: hidden_size {config.HiddenSize} does not split into {heads} heads of even size");
        if (heads % config.KeyValueHeads != 0)
            throw new CheckpointException($"{file.Path}: num_attention_heads {heads} is no multiple of num_key_value_heads {config.KeyValueHeads}");
        if (file.Has("rope_scaling"))
            throw new CheckpointException($"{file.Path}: rope_scaling is not supported; expected null");
        if (file.Text("hidden_act", "silu") is not "silu" and var activation)
            throw new CheckpointException($"{file.Path}: hidden_act '{activation}' is not supported; expected 'silu'");
        return config;
    }
}
