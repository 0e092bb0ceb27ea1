using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Ledger;

/// <summary>The ledger's tables, as the migrations make them.</summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<VariantRow> Variants => Set<VariantRow>();

    public DbSet<ShardRow> Shards => Set<ShardRow>();

    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();

    public DbSet<PartialRow> Partials => Set<PartialRow>();

    public DbSet<MergeRow> Merges => Set<MergeRow>();

    public DbSet<PredictionRow> Predictions => Set<PredictionRow>();

    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    public DbSet<FaultRow> Faults => Set<FaultRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<JobState>().HaveConversion<LowerCase<JobState>>();
        configurationBuilder.Properties<ShardState>().HaveConversion<LowerCase<ShardState>>();
        configurationBuilder.Properties<AttemptState>().HaveConversion<LowerCase<AttemptState>>();
        configurationBuilder.Properties<FaultClass>().HaveConversion<LowerCase<FaultClass>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<JobRow>(job =>
        {
            job.ToTable("jobs").HasKey(row => row.Id);
            job.Property(row => row.Spec).HasColumnType("json");
            job.Property(row => row.Model).HasColumnType("jsonb");
        });
        modelBuilder.Entity<VariantRow>().ToTable("variants").HasKey(row => new { row.Job, row.Index });
        modelBuilder.Entity<ShardRow>().ToTable("shards").HasKey(row => new { row.Job, row.Index });
        modelBuilder.Entity<AttemptRow>().ToTable("attempts").HasKey(row => new { row.Job, row.Shard, row.Attempt });
        modelBuilder.Entity<PartialRow>().ToTable("partials").HasKey(row => new { row.Job, row.Shard, row.Variant });
        modelBuilder.Entity<MergeRow>().ToTable("merges").HasKey(row => new { row.Job, row.Variant });
        modelBuilder.Entity<PredictionRow>().ToTable("predictions").HasKey(row => new { row.Job, row.Position, row.Expression, row.Variant });

        modelBuilder.Entity<WorkerRow>().ToTable("workers").HasKey(row => row.Instance);
        modelBuilder.Entity<FaultRow>().ToTable("faults").HasKey(row => row.Id);

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            property.ValueGenerated = ValueGenerated.Never;
        }

        modelBuilder.Entity<ShardRow>().Property(row => row.Poisoned).ValueGeneratedOnAddOrUpdate().Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
    }

    /// <summary>An enum as its name in lower case: readable in any client of the database.</summary>
    private sealed class LowerCase<TEnum>() : ValueConverter<TEnum, string>(
        value => value.ToString().ToLowerInvariant(),
        text => Enum.Parse<TEnum>(text, true))
        where TEnum : struct, Enum;
}
