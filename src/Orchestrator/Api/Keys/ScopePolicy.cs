using Microsoft.AspNetCore.Authorization;

namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>Which scope an endpoint wants.</summary>
internal static class ScopePolicy
{
    public const string Claim = "scope";

    /// <summary>The endpoint answers only keys of this scope or a larger one.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, ApiScope scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(Name(scope)).WithMetadata(new RequiredScope(scope));

    public static void AddScopes(this AuthorizationOptions options)
    {
        foreach (var scope in Enum.GetValues<ApiScope>())
            options.AddPolicy(Name(scope), policy => policy.RequireAssertion(context => Includes(context, scope)));
    }

    private static bool Includes(AuthorizationHandlerContext context, ApiScope wanted) =>
        Enum.TryParse<ApiScope>(context.User.FindFirst(Claim)?.Value, out var held) && held >= wanted;

    private static string Name(ApiScope scope) => scope.ToString();
}
