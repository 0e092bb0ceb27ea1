using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Segmentation.Images;

/// <summary>The part of libjpeg-turbo's TurboJPEG 2 interface that this project uses.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int PixelRgb = 0;
    public const int PixelCmyk = 11;
    public const int Subsampling444 = 0;
    public const int FlagNoReallocation = 1024;
    public const int FlagAccurateDct = 4096;
    public const int FlagLimitScans = 32768;
    public const int CodeWarning = 0;

    private const string Library = "libturbojpeg.so.0";

    public sealed class Instance() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => Destroy(handle) == 0;
    }

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial Instance NewDecompressor();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial Instance NewCompressor();

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(Instance decompressor, byte* file, nuint size, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjBufSize")]
    public static partial nuint LargestSize(int width, int height, int subsampling);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress(
        Instance compressor, byte* pixels, int width, int pitch, int height, int pixelFormat, byte** file, nuint* size, int subsampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    public static partial int ErrorCode(Instance instance);

    public static string Error(Instance instance) => Marshal.PtrToStringUTF8(ErrorText(instance)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint ErrorText(Instance instance);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint instance);
}
