namespace Pipeline.Contracts.Manifests;

/// <summary>The address of an image.</summary>
public static class ImageUrl
{
    /// <summary>Looks like <c>http://...</c> or <c>https://...</c> rather than a file.</summary>
    internal static bool Is(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Judges an address by its text alone; nobody is asked.</summary>
    /// <returns>What is wrong with it and what would be right; null for one that may be asked.</returns>
    public static string? Refuse(string text)
    {
        if (text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
            return "is no address: it contains white space; write %20";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
            return "is no address; expected http://HOST/PATH or https://HOST/PATH";
        return Refuse(url);
    }

    /// <inheritdoc cref="Refuse(string)"/>
    public static string? Refuse(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            return $"has the scheme '{url.Scheme}'; images are fetched over http or https only";
        return url.UserInfo.Length > 0 ? "names a user; images are fetched without credentials" : null;
    }

    /// <returns>The address for messages and logs, without its query, which may hold a signature or a key, and without a user.</returns>
    public static string Plain(Uri url) =>
        url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (url.Query.Length > 1 ? "?..." : "");

    /// <inheritdoc cref="Plain(Uri)"/>
    public static string Plain(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? Plain(url) : "an address that cannot be read";
}
