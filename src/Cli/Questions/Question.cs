using Pipeline.Cli.Commands;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Text;

namespace Pipeline.Cli.Questions;

/// <summary>What a command was asked about one image.</summary>
/// <param name="Image">JPEG or PNG file.</param>
/// <param name="Model">Folder of a LISA checkpoint.</param>
/// <param name="Text">A phrase that names something, or a whole question.</param>
/// <param name="IsSentence">It is a whole question, said as it stands.</param>
internal sealed record Question(string Image, string Model, string Text, bool IsSentence, string Device, string Dtype)
{
    public Expression Expression => new(Text, IsSentence, null);

    /// <exception cref="FileNotFoundException">There is no such image.</exception>
    /// <exception cref="InvalidDataException">It is a folder, too large, neither JPEG nor PNG, or damaged.</exception>
    public RgbImage ReadImage() => ImageCodec.Decode(PlainFile.Read(Image, FileHash.LargestFile, "a JPEG or PNG file"), Image);

    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="InvalidDataException">The folder is no checkpoint.</exception>
    public ModelShape ReadShape() => Directory.Exists(Model)
        ? ModelProfiles.Find(Model).Shape
        : throw new DirectoryNotFoundException($"{Model} does not exist; expected the folder of a LISA checkpoint");

    /// <param name="conversation">Template of the prompt; null for the checkpoint's own.</param>
    public LisaModel LoadModel(Conversation? conversation = null) =>
        LisaModel.Load(Model, ComputeOptions.DeviceNamed(Device), ComputeOptions.DtypeNamed(Dtype), conversation);
}
