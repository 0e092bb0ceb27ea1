using System.Globalization;
using System.Text;
using Pipeline.Contracts.Files;

namespace Pipeline.Segmentation.Text;

/// <summary>A SentencePiece BPE vocabulary with the settings that encoding and decoding depend on: the content of a <c>tokenizer.model</c>.</summary>
/// <remarks>sentencepiece_model.proto (ModelProto). BPE with identity normalisation, as all LLaMA models have; anything else is refused.</remarks>
public sealed record SentencePieceModel
{
    /// <summary>Bytes such a file may have; LLaMA's has half a million.</summary>
    public const int LargestFile = 64 << 20;

    private const int Bpe = 2;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Pieces by id.</summary>
    public required IReadOnlyList<SentencePiece> Pieces { get; init; }

    /// <summary>Characters without a piece become their UTF-8 bytes instead of the unknown piece.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A space is put before the text.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Spaces at both ends are removed, and runs of spaces become one.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>What an unknown piece decodes to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <exception cref="InvalidDataException">Not such a model; names the file and the fault.</exception>
    public static SentencePieceModel Load(string path)
    {
        var bytes = PlainFile.Read(path, LargestFile);
        try
        {
            return Parse(bytes);
        }
        catch (Exception fault) when (fault is InvalidDataException or DecoderFallbackException)
        {
            throw new InvalidDataException($"{path}: is not a usable SentencePiece model: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the model as sentencepiece itself would read it.</summary>
    public void Save(string path)
    {
        var file = new ProtobufWriter();
        foreach (var piece in Pieces)
            file.Message(1, new ProtobufWriter().Text(1, piece.Text).Single(2, piece.Score).Number(3, (int)piece.Kind));
        file.Message(2, new ProtobufWriter().Number(3, Bpe).Number(4, Pieces.Count).Number(35, ByteFallback ? 1 : 0).Text(44, UnknownSurface));
        file.Message(3, new ProtobufWriter().Text(1, "identity").Number(3, AddDummyPrefix ? 1 : 0).Number(4, RemoveExtraWhitespaces ? 1 : 0));
        File.WriteAllBytes(path, file.ToArray());
    }

    /// <summary>The text of the piece that stands for a byte.</summary>
    public static string BytePiece(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private static SentencePieceModel Parse(ReadOnlySpan<byte> file)
    {
        var pieces = new List<SentencePiece>();
        ReadOnlySpan<byte> trainer = default, normalizer = default;
        var reader = new ProtobufReader(file);
        while (reader.Next())
        {
            if (reader.Field == 1)
                pieces.Add(ParsePiece(reader.Bytes, pieces.Count));
            else if (reader.Field == 2)
                trainer = reader.Bytes;
            else if (reader.Field == 3)
                normalizer = reader.Bytes;
        }
        if (pieces.Count == 0)
            throw new InvalidDataException("it has no pieces");
        return Normalizer(normalizer, Trainer(trainer, new() { Pieces = pieces }));
    }

    private static SentencePiece ParsePiece(ReadOnlySpan<byte> message, int id)
    {
        var piece = new SentencePiece("", 0, PieceKind.Normal);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            piece = reader.Field switch
            {
                1 => piece with { Text = StrictUtf8.GetString(reader.Bytes) },
                2 => piece with { Score = reader.Single },
                3 => piece with { Kind = (PieceKind)reader.Number },
                _ => piece,
            };
        }
        if (piece.Text.Length == 0 || float.IsNaN(piece.Score) || !Enum.IsDefined(piece.Kind))
            throw new InvalidDataException($"piece {id} is '{piece.Text}' with score {piece.Score} and kind {(int)piece.Kind}");
        return piece;
    }

    private static SentencePieceModel Trainer(ReadOnlySpan<byte> message, SentencePieceModel model)
    {
        var type = 1UL;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    type = reader.Number;
                    break;
                case 24 when reader.Number != 0:
                    throw new InvalidDataException("it puts spaces after words; only models that put them before are read");
                case 35:
                    model = model with { ByteFallback = reader.Number != 0 };
                    break;
                case 44:
                    model = model with { UnknownSurface = StrictUtf8.GetString(reader.Bytes) };
                    break;
            }
        }
        return type == Bpe ? model : throw new InvalidDataException($"its type is {type}; only BPE ({Bpe}) is read");
    }

    private static SentencePieceModel Normalizer(ReadOnlySpan<byte> message, SentencePieceModel model)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2 when !reader.Bytes.IsEmpty:
                    throw new InvalidDataException("it normalises its text; only identity normalisation is read");
                case 3:
                    model = model with { AddDummyPrefix = reader.Number != 0 };
                    break;
                case 4:
                    model = model with { RemoveExtraWhitespaces = reader.Number != 0 };
                    break;
                case 5 when reader.Number == 0:
                    throw new InvalidDataException("it leaves spaces as they are; only models that mark them with U+2581 are read");
            }
        }
        return model;
    }
}
