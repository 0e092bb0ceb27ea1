namespace Pipeline.Contracts.Synthetic;

/// <summary>The words that a description uses.</summary>
[Flags]
internal enum Terms
{
    None = 0,
    Size = 1,
    Texture = 2,
    Color = 4,
    Shape = 8,
    All = Size | Texture | Color | Shape,
}
