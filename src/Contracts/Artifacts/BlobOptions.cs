using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace Pipeline.Contracts.Artifacts;

/// <summary>A container in Azure Blob Storage. Section <c>Artifacts:Blob</c>.</summary>
public sealed partial class BlobOptions
{
    /// <summary>Connection string of the storage account.</summary>
    public string? Connection { get; set; }

    /// <summary>File that holds the connection string, for secrets that are mounted as files.</summary>
    public string? ConnectionFile { get; set; }

    /// <summary>Address of the container with a shared access signature, instead of an account's key.</summary>
    public Uri? Uri { get; set; }

    /// <summary>Container in the account; made if it is missing. Not used with <see cref="Uri"/>, which names one.</summary>
    /// <value>Default <c>pipeline</c>.</value>
    public string Container { get; set; } = "pipeline";

    internal IEnumerable<string> Faults()
    {
        if (!ContainerName().IsMatch(Container))
            yield return "Artifacts:Blob:Container is 3 to 63 lower-case letters, digits and single '-' between them.";
        if (ConnectionFile is { Length: > 0 } file && !File.Exists(file))
            yield return $"Artifacts:Blob:ConnectionFile: there is no file {file}; it holds the account's connection string.";
        else if (!IsConnection())
            yield return "Artifacts:Blob:Connection is no connection string; it looks like DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...;EndpointSuffix=core.windows.net.";
        if (Uri is { IsAbsoluteUri: false } or { IsAbsoluteUri: true, Scheme: not ("http" or "https") })
            yield return "Artifacts:Blob:Uri is the https:// address of a container.";
    }

    private bool IsConnection()
    {
        if (string.IsNullOrEmpty(Connection) && string.IsNullOrEmpty(ConnectionFile))
            return true;
        try
        {
            _ = new BlobServiceClient(ReadConnection());
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The connection string, from wherever it is given.</summary>
    internal string ReadConnection() => !string.IsNullOrEmpty(Connection) ? Connection : File.ReadAllText(ConnectionFile!).Trim();

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
