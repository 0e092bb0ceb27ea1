using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Segmentation.Images;

/// <summary>libpng's simplified interface, which reports errors by return value and needs no jumps across managed frames.</summary>
internal static unsafe partial class LibPng
{
    public const uint FormatGray = 0;
    public const uint FormatRgb = 2;
    public const uint FormatRgba = 3;
    public const uint Flag16BitSrgb = 4;

    private const string Library = "libpng16.so.16";
    private const int MessageLength = 64;

    /// <summary>png_image of png.h; begin it with <see cref="NewImage"/> and end it with <see cref="Free"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public nint Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColormapEntries;
        public uint WarningOrError;
        public Text Message;
    }

    [InlineArray(MessageLength)]
    public struct Text
    {
        private byte first;
    }

    public static Image NewImage() => new() { Version = 1 };

    public static string Error(in Image image)
    {
        ReadOnlySpan<byte> text = image.Message;
        var end = text.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]);
    }

    [LibraryImport(Library, EntryPoint = "png_image_begin_read_from_memory")]
    public static partial int BeginRead(Image* image, byte* file, nuint size);

    [LibraryImport(Library, EntryPoint = "png_image_finish_read")]
    public static partial int FinishRead(Image* image, void* background, byte* pixels, int rowStride, void* colormap);

    [LibraryImport(Library, EntryPoint = "png_image_write_to_memory")]
    public static partial int Write(Image* image, byte* file, nuint* size, int convertTo8Bit, byte* pixels, int rowStride, void* colormap);

    [LibraryImport(Library, EntryPoint = "png_image_free")]
    public static partial void Free(Image* image);
}
