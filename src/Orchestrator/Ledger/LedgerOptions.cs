using System.ComponentModel.DataAnnotations;

namespace Pipeline.Orchestrator.Ledger;

/// <summary>Where the ledger is. Section <c>Ledger</c>.</summary>
public sealed class LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>Npgsql connection string of a PostgreSQL database whose tables this program may make.</summary>
    /// <value>Required.</value>
    [Required(ErrorMessage = "Ledger:Connection is missing; give a PostgreSQL connection string, such as Host=db;Database=pipeline;Username=pipeline;Password=...")]
    public string Connection { get; set; } = "";
}
