using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Segmentation;

/// <summary>Describes checkpoints on disk: only headers and configuration are read, and all bytes once for the hash.</summary>
public sealed class ModelCatalog : IModelCatalog
{
    public IReadOnlyList<PruningMethodSchema> Methods => PruningMethods.Schemas;

    public JobFault? Check(VariantSpec variant, ModelShape model)
    {
        try
        {
            PruningMethods.Create(variant).Plan(model);
            return null;
        }
        catch (PruningSettingException exception)
        {
            return new JobFault(exception.Setting, exception.Fault);
        }
        catch (ArgumentException exception)
        {
            return new JobFault("", exception.Message);
        }
    }

    public ModelDescription Describe(string checkpoint)
    {
        try
        {
            var config = LisaConfig.Read(Path.Combine(checkpoint, "config.json"));
            var folder = LisaFolder.Find(checkpoint, config);
            using var weights = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);
            var shape = LisaNetwork.ShapeOf(config, ClipConfig.Read(folder.VisionTowerConfigFile), weights.Weights.Size("model.embed_tokens.weight", 0));
            return new ModelDescription(shape, Hash(folder.Files), config.RandomWeights);
        }
        catch (Exception fault) when (fault is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    /// <summary>Every file that decides what a checkpoint computes, under names that do not depend on where they lie.</summary>
    /// <exception cref="InvalidDataException">There is no whole checkpoint; says what is missing.</exception>
    public static IReadOnlyList<(string Name, string Path)> FilesOf(string checkpoint)
    {
        try
        {
            return LisaFolder.Find(checkpoint, LisaConfig.Read(Path.Combine(checkpoint, "config.json"))).Files;
        }
        catch (Exception fault) when (fault is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    /// <summary>The hash alone, without a tensor.</summary>
    /// <returns>As <see cref="ModelDescription.WeightsHash"/>.</returns>
    /// <exception cref="InvalidDataException">There is no whole checkpoint; says what is missing.</exception>
    public static string HashOf(string checkpoint)
    {
        try
        {
            return Hash(FilesOf(checkpoint));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    private static string Hash(IReadOnlyList<(string Name, string Path)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, path) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {Convert.ToHexStringLower(SHA256.HashData(stream))}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
