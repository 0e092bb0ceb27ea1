namespace Pipeline.Segmentation.Inspection;

/// <summary>Sizes of a LLaMA decoder.</summary>
/// <param name="Layers">Decoder layers.</param>
/// <param name="Width">Of a hidden state.</param>
/// <param name="FeedForward">Width within a feed-forward network.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads.</param>
/// <param name="Vocabulary">Rows of the embedding.</param>
/// <param name="NormEpsilon">Of its norms.</param>
/// <param name="RopeTheta">Base of its rotary positions.</param>
public sealed record LanguageSizes(int Layers, int Width, int FeedForward, int Heads, int KeyValueHeads, int Vocabulary, double NormEpsilon, double RopeTheta);
