using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Pipeline.Orchestrator.Api.Problems;

namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>Knows who asks by <c>Authorization: Bearer KEY</c>. Where no keys are configured, everyone on this machine may do everything.</summary>
internal sealed class KeyAuthentication(KeyRing keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string Name = "Bearer";

    /// <summary>Name of everyone where no keys are configured.</summary>
    public const string Local = "local";

    /// <summary>Longest header that is looked at; a key has 47 characters.</summary>
    private const int LongestHeader = 256;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!keys.Required)
            return Task.FromResult(Known(Local, ApiScope.Admin));
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
            return Task.FromResult(AuthenticateResult.NoResult());
        return Task.FromResult(header is [{ Length: <= LongestHeader } text] && text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && keys.Find(text["Bearer ".Length..].Trim()) is { } key
            ? Known(key.Name, key.Scope)
            : AuthenticateResult.Fail("unknown"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = Name;
        var detail = Request.Headers.Authorization.Count == 0
            ? "This orchestrator wants an API key: Authorization: Bearer KEY."
            : "The API key is unknown, expired or revoked.";
        return ProblemAnswer.WriteAsync(Context, StatusCodes.Status401Unauthorized, detail);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemAnswer.WriteAsync(Context, StatusCodes.Status403Forbidden, $"The API key '{Context.User.Identity?.Name}' may not do this; use one of a larger scope.");

    private static AuthenticateResult Known(string name, ApiScope scope)
    {
        Claim[] claims = [new(ClaimTypes.Name, name), new(ScopePolicy.Claim, scope.ToString())];
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Name)), Name));
    }
}
