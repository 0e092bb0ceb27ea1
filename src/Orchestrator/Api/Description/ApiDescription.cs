using Microsoft.OpenApi;
using Pipeline.Orchestrator.Api.Keys;

namespace Pipeline.Orchestrator.Api.Description;

/// <summary>The API's own description, OpenAPI, at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    public const string Document = "v1";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Pipeline",
                Version = CodeVersion.Current,
                Description = "Runs segmentation vision-language models over whole datasets and compares ways of pruning their visual tokens.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyAuthentication.Name] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An API key, made by 'pipeline key create'. Its scope is read, submit or admin; each includes those before it. An orchestrator without keys answers its own machine only and wants none.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<OperationDescription>();
    });
}
