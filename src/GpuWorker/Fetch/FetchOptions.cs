using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>From where a worker fetches images, and how much it bears. Section <c>Fetch</c>; limits hold for each process that runs a model.</summary>
public sealed class FetchOptions : IValidatableObject
{
    public const string Section = "Fetch";

    /// <summary>Hosts that images may be fetched from: <c>images.example.org</c>, <c>*.example.org</c> for all below a name, or <c>*</c> for all. Redirects may lead to these only, too.</summary>
    /// <value>Default none: a worker of its own fetches nothing and refuses jobs that ask for it. <c>pipeline run</c>, which belongs to its own user: all.</value>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>Networks beside the public ones that hosts may lie in, such as <c>10.1.2.0/24</c>: for an image server of one's own. Link-local and metadata addresses never are.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<string> PrivateNetworks { get; set; } = [];

    /// <summary>Bytes of an image.</summary>
    /// <value>Default 32 MiB. Up to <see cref="AtOnce"/> images of that size wait in memory.</value>
    [Range(1, 1 << 30, ErrorMessage = "Fetch:LargestBytes is 1 to 1073741824.")]
    public int LargestBytes { get; set; } = 32 << 20;

    /// <summary>Seconds spent on an image, with all its tries and the waits between them.</summary>
    /// <value>Default 60; less than <c>Worker:HangSeconds</c>.</value>
    [Range(1, 3600, ErrorMessage = "Fetch:Seconds is 1 to 3600.")]
    public int Seconds { get; set; } = 60;

    /// <summary>Seconds that one try may take, redirects and the whole content included.</summary>
    /// <value>Default 20.</value>
    [Range(1, 3600, ErrorMessage = "Fetch:TrySeconds is 1 to 3600.")]
    public int TrySeconds { get; set; } = 20;

    /// <summary>Tries at an image whose host is busy or away.</summary>
    /// <value>Default 4.</value>
    [Range(1, 20, ErrorMessage = "Fetch:Tries is 1 to 20.")]
    public int Tries { get; set; } = 4;

    /// <summary>Redirects that are followed, one after the other.</summary>
    /// <value>Default 5.</value>
    [Range(0, 20, ErrorMessage = "Fetch:Redirects is 0 to 20.")]
    public int Redirects { get; set; } = 5;

    /// <summary>Images fetched at once, ahead of the model.</summary>
    /// <value>Default 16.</value>
    [Range(1, 256, ErrorMessage = "Fetch:AtOnce is 1 to 256.")]
    public int AtOnce { get; set; } = 16;

    /// <summary>Images fetched from one host at once.</summary>
    /// <value>Default 8.</value>
    [Range(1, 256, ErrorMessage = "Fetch:PerHost is 1 to 256.")]
    public int PerHost { get; set; } = 8;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in Hosts.Where(host => !HostList.IsEntry(host)))
            yield return new ValidationResult($"Fetch:Hosts: '{host}' is no host; use a name such as images.example.org, *.example.org or *, without scheme, port and path.");
        foreach (var network in PrivateNetworks)
        {
            if (!IPNetwork.TryParse(network, out var parsed))
            {
                yield return new ValidationResult($"Fetch:PrivateNetworks: '{network}' is no network; use an address and the length of its prefix, such as 10.1.2.0/24.");
            }
            else if (AddressPolicy.NeverIn(parsed) is { } why)
            {
                yield return new ValidationResult($"Fetch:PrivateNetworks: {network} can never be allowed: {why}.");
            }
        }
    }
}
