using System.ComponentModel.DataAnnotations;

namespace Pipeline.GpuWorker.Hosting;

/// <summary>Where RabbitMQ is. Section <c>Broker</c>.</summary>
public sealed class BrokerOptions
{
    public const string Section = "Broker";

    /// <summary>Address with user, password and virtual host: <c>amqp://user:password@host:5672/vhost</c>.</summary>
    [Required(ErrorMessage = "Broker:Uri is missing; give the broker's address, such as amqp://user:password@host:5672/vhost.")]
    public Uri? Uri { get; set; }
}
