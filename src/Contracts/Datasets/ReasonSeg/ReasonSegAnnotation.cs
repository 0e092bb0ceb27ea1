using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Text;
using Pipeline.Evaluation;
using Pipeline.Evaluation.ReasonSeg;

namespace Pipeline.Contracts.Datasets.ReasonSeg;

/// <summary>Reads an annotation of ReasonSeg: <c>{"text": [...], "is_sentence": true, "shapes": [{"label", "points"}]}</c>. Other members are left alone.</summary>
/// <remarks>LISA utils/data_processing.py, get_mask_from_json: UTF-8, else Windows' code page 1252. LISA strips the texts when it asks.</remarks>
internal static class ReasonSegAnnotation
{
    private const int LargestFile = 16 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="allTexts">Every text is an expression; otherwise the first alone.</param>
    /// <exception cref="InvalidDataException">It is not as documented.</exception>
    public static IReadOnlyList<Expression> Read(string path, bool allTexts)
    {
        try
        {
            var json = Encoding.UTF8.GetBytes(Decode(PlainFile.Read(path, LargestFile)));
            JsonTexts.Require(json);
            using var document = JsonDocument.Parse(json);
            var file = new AnnotationField(path, "", document.RootElement);
            var mask = new MaskSource { Shapes = [.. file.Get("shapes", "a list of polygons").Items("a list of polygons").Select(Shape).Where(shape => !shape.IsFlag)] };
            var isSentence = file.Get("is_sentence", "true or false").Flag();
            var texts = file.Get("text", "a list of texts").Items("a list of texts").ToArray();
            if (texts.Length == 0)
                throw file.Get("text", "").Fault("is an empty list; expected at least one text");
            return [.. (allTexts ? texts : texts[..1]).Select(text => new Expression(text.Text(), isSentence, mask))];
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path}:{fault.LineNumber + 1}: not JSON: {JsonFault.Describe(fault)}", fault);
        }
    }

    private static ReasonSegShape Shape(AnnotationField shape)
    {
        var label = shape.Get("label", "target, ignore or flag").Text();
        (double, double)[] points = [.. shape.Get("points", "a list of [x, y]").Items("a list of [x, y]").Select(Point)];
        var read = new ReasonSegShape(label, points);
        return points.Length > 0 || read.IsFlag ? read : throw shape.Get("points", "").Fault("is an empty list; a polygon has at least one corner");
    }

    private static (double, double) Point(AnnotationField point) => point.Items("[x, y]").ToArray() is [var x, var y]
        ? (x.Number(ReasonSegMask.LargestCoordinate), y.Number(ReasonSegMask.LargestCoordinate))
        : throw point.Fault("expected [x, y]");

    private static string Decode(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes);
        }
    }
}
