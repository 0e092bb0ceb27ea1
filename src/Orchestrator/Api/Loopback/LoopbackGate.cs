using System.Net;
using Pipeline.Orchestrator.Api.Keys;
using Pipeline.Orchestrator.Api.Problems;

namespace Pipeline.Orchestrator.Api.Loopback;

/// <summary>Without keys, lets in only what comes from this machine and was meant for it: no other machine, no page of another site, no name that was made to point here.</summary>
internal sealed class LoopbackGate(RequestDelegate next, KeyRing keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (keys.Required)
            return next(context);
        var connection = context.Connection;
        var refusal = context.Request switch
        {
            _ when !IsHere(connection.LocalIpAddress) || !IsHere(connection.RemoteIpAddress) => "Without API keys this orchestrator answers its own machine only.",
            { Host: var host } when !Loopback.IsLoopbackHost(host.Host) => "Without API keys this orchestrator answers to localhost only.",
            { Headers.Origin: var origin } when !Loopback.IsLoopbackOrigin(origin) => "Without API keys this orchestrator does not answer pages of other sites.",
            _ => null,
        };
        return refusal is null ? next(context) : ProblemAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, refusal);
    }

    /// <summary>Null is a Unix socket, or a test server without a network.</summary>
    private static bool IsHere(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
