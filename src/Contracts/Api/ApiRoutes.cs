namespace Pipeline.Contracts.Api;

/// <summary>What the API's two sides must spell alike.</summary>
public static class ApiRoutes
{
    /// <summary>All routes but health and the description lie below this.</summary>
    public const string Prefix = "/v1";

    /// <summary>Header by which a repeated submission is known to be the same.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Media type of a job file in YAML.</summary>
    public const string Yaml = "application/yaml";

    /// <summary>Name of the event that carries a <see cref="JobStatus"/>.</summary>
    public const string StatusEvent = "status";
}
