using System.Security.Cryptography;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.Azurite;

/// <summary>What an Azurite server keeps from one start to the next: chosen once, when its folder is made.</summary>
/// <param name="Port">For clients.</param>
/// <param name="Key">Of the one account, base 64.</param>
internal sealed record AzuriteSettings(int Port, string Key)
{
    public static AzuriteSettings Choose() => new(LoopbackPort.Free(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
}
