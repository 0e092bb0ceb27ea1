using System.ComponentModel.DataAnnotations;

namespace Pipeline.Hosting.Options;

/// <summary>Where RabbitMQ is. Section <c>Broker</c>.</summary>
public sealed class BrokerOptions : IValidatableObject
{
    public const string Section = "Broker";

    /// <summary>Address with user, password and virtual host: <c>amqp://user:password@host:5672/vhost</c>.</summary>
    public Uri? Uri { get; set; }

    /// <summary>File that holds the address, for secrets that are mounted as files.</summary>
    public string? UriFile { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Uri is not null && !string.IsNullOrEmpty(UriFile))
            yield return new ValidationResult("Broker:Uri and Broker:UriFile are both given; give one.");
        else if (Uri is null && string.IsNullOrEmpty(UriFile))
            yield return new ValidationResult("Broker:Uri is missing; give the broker's address, such as amqp://user:password@host:5672/vhost.");
        else if (Uri is null && !File.Exists(UriFile))
            yield return new ValidationResult($"Broker:UriFile: there is no file {UriFile}; it holds the broker's address.");
        else if (!Uri.TryCreate(Text(), UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps"))
            yield return new ValidationResult("Broker:Uri is no address of RabbitMQ; it looks like amqp://user:password@host:5672/vhost.");
    }

    /// <summary>The address, from wherever it is given.</summary>
    public Uri ReadUri() => new(Text());

    private string Text() => Uri?.OriginalString ?? File.ReadAllText(UriFile!).Trim();
}
