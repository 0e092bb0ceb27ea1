using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Jobs.Reading;

namespace Pipeline.Contracts.Datasets.Coco;

/// <summary>The dataset section of a job over COCO's instances.</summary>
internal static class CocoSection
{
    public static DatasetSpec Read(Section dataset, PathLocator paths) => new("coco")
    {
        Path = paths.Locate(dataset, "path", "an instances file, such as annotations/instances_val2017.json", File.Exists),
        Images = paths.Locate(dataset, "images", "the folder of its images, such as val2017", Directory.Exists),
    };
}
