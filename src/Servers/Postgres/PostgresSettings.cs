using System.Security.Cryptography;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.Postgres;

/// <summary>What a PostgreSQL server keeps from one start to the next: chosen once, when its folder is made.</summary>
/// <param name="Port">For clients.</param>
/// <param name="Password">Of the one user.</param>
internal sealed record PostgresSettings(int Port, string Password)
{
    public static PostgresSettings Choose() => new(LoopbackPort.Free(), RandomNumberGenerator.GetHexString(32, lowercase: true));
}
