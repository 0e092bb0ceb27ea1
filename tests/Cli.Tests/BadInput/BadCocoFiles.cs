namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Wrong files in COCO's formats.</summary>
internal static class BadCocoFiles
{
    private const string Truth = """{"images":[{"id":1,"height":8,"width":9}],"categories":[{"id":2}],"annotations":[]}""";

    public static IReadOnlyList<BadCase> All { get; } =
    [
        new("coco: the truth is not there", bench => $"eval coco --gt {bench.Folder()}/gone.json --dt {bench.File("dt.json", "[]")}", "gone.json does not exist; expected a COCO instances file"),
        new("coco: the truth is a folder", bench => $"eval coco --gt {bench.Folder()} --dt {bench.File("dt.json", "[]")}", "is a folder; expected a COCO instances file"),
        OfTruth("is empty", "", "gt.json"),
        OfTruth("is a list", "[]", "gt.json lists no images; expected an object with images, categories and annotations"),
        OfTruth("lists no images", """{"images":[]}""", "gt.json lists no images"),
        OfTruth("is cut", """{"images":[{"id":1,"height":8""", "gt.json:1: not JSON"),
        OfTruth("is nested without end", new string('[', 100_000), "gt.json"),
        OfTruth("is not UTF-8", "{\"images\":[{\"id\":1,\"file_name\":\"\u00ff\",\"height\":8,\"width\":9}]}", "gt.json", "not JSON"),
        OfTruth("has an image without a height", """{"images":[{"id":1,"width":9}]}""", "gt.json images[0]: has no height"),
        OfTruth("has an image of a terapixel", """{"images":[{"id":1,"height":1000000,"width":1000000}]}""", "gt.json images[0].height: expected a number of pixels from 1 to 65536, found 1000000"),
        OfTruth("has an image twice", """{"images":[{"id":1,"height":8,"width":9},{"id":1,"height":8,"width":9}]}""", "gt.json images[1]: id 1 is already that of another image"),
        OfTruth("has a polygon of text", Annotation("\"segmentation\":\"all\""), "gt.json annotations[0].segmentation: expected a list of polygons"),
        OfTruth("has a polygon of one point", Annotation("\"segmentation\":[[1,2]]"), "annotations[0].segmentation[0]: has 2 numbers; a polygon has at least 6"),
        OfTruth("has a polygon round the world", Annotation("\"segmentation\":[[0,0,1e9,0,1e9,1e9]]"), "annotations[0].segmentation[0]: A polygon's outline may be 13421772 pixels long"),
        OfTruth("has a mask of another size", Annotation("\"segmentation\":{\"size\":[4,4],\"counts\":[16]}"), "the mask has 4x4 pixels (height x width), its image 8x9"),
        OfTruth("has a mask that does not add up", Annotation("\"segmentation\":{\"size\":[8,9],\"counts\":[1,2]}"), "The counts cover 3 pixels; a 8x9 mask has 72"),
        OfTruth("has a mask that goes wrong", Annotation("\"segmentation\":{\"size\":[8,9],\"counts\":\"oooooooo\"}"), "annotations[0].segmentation"),
        OfDetections("are an object", "{\"annotations\":[1]}", "dt.json is an object with 'annotations'; expected a list of detections"),
        OfDetections("are numbers", "[1]", "dt.json [0]: expected an object, found the number 1"),
        OfDetections("are on an image that is not there", """[{"image_id":7,"category_id":2,"score":1,"bbox":[0,0,1,1]}]""", "dt.json [0]: image_id 7 is not an image of gt.json"),
        OfDetections("have a score that is no number", """[{"image_id":1,"category_id":2,"score":"high","bbox":[0,0,1,1]}]""", "dt.json [0].score: expected a number, found text"),
        OfDetections("have a score beyond all numbers", """[{"image_id":1,"category_id":2,"score":1e999,"bbox":[0,0,1,1]}]""", "dt.json [0].score: expected a number"),
        OfDetections("have a box of three numbers", """[{"image_id":1,"category_id":2,"score":1,"bbox":[0,0,1]}]""", "dt.json [0].bbox: expected [x, y, width, height]"),
        OfDetections("have neither mask nor box", """[{"image_id":1,"category_id":2,"score":1}]""", "dt.json [0]: has neither bbox nor segmentation"),
    ];

    private static string Annotation(string segmentation) =>
        $$"""{"images":[{"id":1,"height":8,"width":9}],"categories":[{"id":2}],"annotations":[{"id":5,"image_id":1,"category_id":2,"area":1,"bbox":[0,0,1,1],{{segmentation}}}]}""";

    private static BadCase OfTruth(string name, string content, params string[] words) =>
        new($"coco: the truth {name}", bench => $"eval coco --gt {bench.File("gt.json", System.Text.Encoding.Latin1.GetBytes(content))} --dt {bench.File("dt.json", "[]")}", words);

    private static BadCase OfDetections(string name, string content, params string[] words) =>
        new($"coco: detections {name}", bench => $"eval coco --gt {bench.File("gt.json", Truth)} --dt {bench.File("dt.json", content)}", words);
}
