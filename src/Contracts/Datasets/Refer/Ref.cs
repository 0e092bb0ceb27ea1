namespace Pipeline.Contracts.Datasets.Refer;

/// <summary>An object that was referred to, with all that was said of it.</summary>
/// <param name="Place">Where it stands in its file: <c>refs[12]</c>.</param>
/// <param name="Image">Id of the image.</param>
/// <param name="Annotation">Id of the object's annotation.</param>
/// <param name="Sentences">As LISA asks them: without white space at their ends, in lower case.</param>
internal sealed record Ref(string Place, long Image, long Annotation, IReadOnlyList<string> Sentences);
