using Microsoft.Net.Http.Headers;
using Pipeline.Orchestrator.Api.Problems;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>A body in the notation of job files.</summary>
/// <param name="Content">UTF-8, within the host's limit.</param>
/// <param name="Name">Says by its extension whether it is YAML or JSON.</param>
internal sealed record JobBody(ReadOnlyMemory<byte> Content, string Name)
{
    public static readonly string[] MediaTypes = ["application/yaml", "application/x-yaml", "text/yaml", "application/json"];

    /// <exception cref="RequestFault">The media type is another one.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than the host allows.</exception>
    public static async Task<JobBody> ReadAsync(HttpRequest request, CancellationToken token)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        var name = type?.ToUpperInvariant() switch
        {
            "APPLICATION/YAML" or "APPLICATION/X-YAML" or "TEXT/YAML" => "body.yaml",
            "APPLICATION/JSON" => "body.json",
            _ => throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "The Content-Type must be application/yaml or application/json."),
        };
        using var content = new MemoryStream();
        await request.Body.CopyToAsync(content, token);
        return new JobBody(content.ToArray(), name);
    }
}
