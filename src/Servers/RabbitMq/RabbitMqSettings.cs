using System.Security.Cryptography;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.RabbitMq;

/// <summary>What a RabbitMQ server keeps from one start to the next: chosen once, when its folder is made.</summary>
/// <param name="Port">For clients.</param>
/// <param name="NamesPort">Of the Erlang name server.</param>
/// <param name="NodePort">Of the Erlang node, for its control.</param>
/// <param name="Password">Of the one user.</param>
/// <param name="Cookie">Secret of the Erlang node.</param>
internal sealed record RabbitMqSettings(int Port, int NamesPort, int NodePort, string Password, string Cookie)
{
    public static RabbitMqSettings Choose() =>
        new(LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free(), RandomNumberGenerator.GetHexString(32, lowercase: true), RandomNumberGenerator.GetHexString(32));
}
