using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Hosting.Options;

/// <summary>The options that every host has.</summary>
public static class HostOptionsRegistration
{
    /// <summary>Binds broker and artifact store, to be checked before anything starts.</summary>
    public static void AddHostOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<BrokerOptions>().Bind(builder.Configuration.GetSection(BrokerOptions.Section)).ValidateDataAnnotations();
        builder.Services.AddOptionsWithValidateOnStart<ArtifactOptions>().Bind(builder.Configuration.GetSection(ArtifactOptions.Section)).ValidateDataAnnotations();
    }

    /// <summary>Checks all options now, before the bus reads its address, so that all faults are told and not only the first.</summary>
    /// <exception cref="OptionsValidationException">Options are missing or wrong; its failures name all of them.</exception>
    public static void RequireValidOptions(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException several)
        {
            var failures = several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(one => one.Failures);
            throw new OptionsValidationException("", typeof(HostOptionsRegistration), failures);
        }
    }
}
