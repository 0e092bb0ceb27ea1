using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Api.Description;
using Pipeline.Orchestrator.Api.Jobs;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Api.Limits;
using Pipeline.Orchestrator.Api.Loopback;
using Pipeline.Orchestrator.Api.Problems;
using Pipeline.Orchestrator.Api.Workers;
using Pipeline.Orchestrator.Exports;
using Pipeline.Orchestrator.Planning;

namespace Pipeline.Orchestrator.Api;

/// <summary>The HTTP API of an orchestrator.</summary>
public static class ApiRegistration
{
    /// <summary>Adds what the API needs beside the orchestrator's own services.</summary>
    /// <param name="catalog">What jobs may name.</param>
    public static void AddApi(this WebApplicationBuilder builder, IModelCatalog catalog)
    {
        var services = builder.Services;
        services.AddSingleton(catalog);
        services.AddOptionsWithValidateOnStart<ApiOptions>().Bind(builder.Configuration.GetSection(ApiOptions.Section)).ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<DataOptions>().Bind(builder.Configuration.GetSection(DataOptions.Section));
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsCheck>();
        services.AddSingleton<IValidateOptions<DataOptions>, ApiOptionsCheck>();
        services.ConfigureHttpJsonOptions(json => ContractsJson.ApplyTo(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>((kestrel, api) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = api.Value.LargestBody;
        });

        services.AddSingleton<KeyRing>();
        services.AddAuthentication(KeyAuthentication.Name).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.Name, null);
        services.AddAuthorization(authorization => authorization.AddScopes());
        services.AddRateLimiter();
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, RequestRate>();
        services.AddSingleton<EventStreams>();
        services.AddExceptionHandler<FaultAnswer>();
        services.AddApiDescription();

        services.AddSingleton(provider => new DataRoots(provider.GetRequiredService<IOptions<DataOptions>>().Value.Roots));
        services.Replace(ServiceDescriptor.Singleton(provider =>
            new PlanRules(provider.GetRequiredService<DataRoots>(), provider.GetRequiredService<IOptions<ApiOptions>>().Value.MostPredictions)));
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<JobStatusReader>();
        services.AddSingleton<JobList>();
        services.AddSingleton<JobModels>();
        services.AddSingleton<JobEvents>();
        services.AddSingleton<JobAudit>();
        services.AddSingleton<FaultList>();
        services.AddSingleton<JobExport>();
        services.AddSingleton<WorkerList>();
    }

    /// <summary>Puts the API's guards before everything that the host answers, and maps its routes.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ProblemAnswer.WriteAsync, AllowStatusCode404Response = true });
        app.UseStatusCodePages(status => ProblemAnswer.WriteAsync(status.HttpContext));
        app.UseMiddleware<LoopbackGate>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapOpenApi("/openapi/{documentName}.json");
        var routes = app.MapGroup(ApiRoutes.Prefix);
        routes.MapJobs();
        routes.MapWorkers();
    }
}
