using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Api.Jobs;
using Pipeline.Orchestrator.Api.Keys;

namespace Pipeline.Orchestrator.Api.Description;

/// <summary>Adds to each operation what its code does not show: the scope it wants, the problems it may answer with, the bodies in the notation of job files.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    private const string Job = """
        name: nightly
        dataset: { format: manifest, path: refcoco/val.jsonl }
        model: { checkpoint: models/lisa-7b }
        variants: [none, "fastv:layer=2,keep=[0.5,0.25]"]
        """;

    private const string Variants = """
        variants: ["uniform:keep=0.25"]
        """;

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var action = context.Description.ActionDescriptor;
        var path = context.Description.RelativePath!;
        operation.OperationId ??= $"{context.Description.HttpMethod!.ToLowerInvariant()}-{path.Replace("{id}", "job", StringComparison.Ordinal).Replace('/', '-').Trim('-')}";
        if (action.EndpointMetadata.OfType<RequiredScope>().FirstOrDefault() is { } required)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyAuthentication.Name, context.Document)] = [] }];
            operation.Description = $"{operation.Description} Scope: {required.Scope.ToString().ToLowerInvariant()}.".Trim();
        }

        if (path is "v1/jobs" or "v1/jobs/" && context.Description.HttpMethod == HttpMethods.Post)
            operation.RequestBody = InJobNotation("A job file.", Job);
        else if (path.EndsWith("/variants", StringComparison.Ordinal))
            operation.RequestBody = InJobNotation("Variants in the notation of job files.", Variants);

        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        foreach (var (status, meaning) in Problems(operation, path, context.Description.HttpMethod!))
        {
            operation.Responses ??= [];
            operation.Responses[status] = new OpenApiResponse
            {
                Description = meaning,
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new() { Schema = problem } },
            };
        }
    }

    private static OpenApiRequestBody InJobNotation(string description, string example) => new()
    {
        Description = description,
        Required = true,
        Content = JobBody.MediaTypes.ToDictionary(type => type, type => new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "docs/jobs.md describes every key." },
            Example = type.EndsWith("json", StringComparison.Ordinal) ? null : System.Text.Json.Nodes.JsonValue.Create(example),
        }),
    };

    private static IEnumerable<(string Status, string Meaning)> Problems(OpenApiOperation operation, string path, string method)
    {
        var ofJob = path.Contains("{id}", StringComparison.Ordinal);
        if (operation.RequestBody is not null || operation.Parameters?.Any(parameter => parameter.In != ParameterLocation.Path) == true)
            yield return ("400", "Something in the request is wrong; errors name the fields.");
        yield return ("401", "No key, or one that is unknown, expired or revoked.");
        yield return ("403", "The key's scope does not include this; or, without keys, the request is not from this machine.");
        if (ofJob)
            yield return ("404", "There is no such job.");
        if ((ofJob && !HttpMethods.IsGet(method)) || path.EndsWith("report", StringComparison.Ordinal) || path.EndsWith("export", StringComparison.Ordinal))
            yield return ("409", "The job's state does not allow it; the detail says which state that is and what would be right.");
        if (operation.RequestBody is not null)
        {
            yield return ("413", "The body is larger than this orchestrator takes.");
            yield return ("415", "The body is of another media type.");
        }

        yield return ("429", "Too many requests, or event streams; Retry-After says how long to wait.");
        yield return ("503", "The ledger cannot be reached at the moment; Retry-After says when to try again.");
    }
}
