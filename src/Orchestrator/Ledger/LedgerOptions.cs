using System.ComponentModel.DataAnnotations;

namespace Pipeline.Orchestrator.Ledger;

/// <summary>Where the ledger is.</summary>
public sealed class LedgerOptions
{
    /// <summary>Npgsql connection string of a PostgreSQL database whose tables this program may make.</summary>
    /// <value>Required.</value>
    [Required]
    public string Connection { get; set; } = "";
}
