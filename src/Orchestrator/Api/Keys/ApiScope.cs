namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>What a key may do. Each scope includes those before it.</summary>
public enum ApiScope
{
    /// <summary>Look: everything that changes nothing.</summary>
    Read,

    /// <summary>Submit jobs, and pause, resume, cancel, retry, reprioritise and extend them.</summary>
    Submit,

    /// <summary>Delete jobs.</summary>
    Admin,
}
