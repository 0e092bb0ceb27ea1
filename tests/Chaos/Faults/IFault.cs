namespace Pipeline.Chaos.Faults;

/// <summary>One thing that goes wrong. When it returns, everything it stopped runs again; whether all is well only the audit says.</summary>
internal interface IFault
{
    /// <summary>For the protocol of a run.</summary>
    string Name { get; }

    /// <returns>False when there was nothing to break: it did not happen and does not count.</returns>
    Task<bool> InjectAsync(Storm storm, CancellationToken token);
}
