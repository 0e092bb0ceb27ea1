namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>The document as such cannot be read, so nothing in it is looked at.</summary>
internal sealed class DocumentFault(int line, string message) : Exception(message)
{
    public int Line => line;
}
