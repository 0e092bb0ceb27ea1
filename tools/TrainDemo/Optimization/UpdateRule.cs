namespace Pipeline.TrainDemo.Optimization;

/// <summary>How a gradient becomes a step.</summary>
internal enum UpdateRule
{
    /// <summary>The nearest orthogonal matrix to the momentum; for the matrices inside transformer blocks.</summary>
    Muon,

    /// <summary>Each element by its own scale; for embeddings, heads, biases, norms and convolutions.</summary>
    AdamW,
}
