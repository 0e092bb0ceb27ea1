using System.Globalization;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Pickle;

/// <summary>Reads Python pickles of protocol 0 to 5 as plain values. Nothing is run: a pickle may mention and call only what its reader allows, and everything else is refused by its name.</summary>
/// <remarks>
/// Python's pickletools.py describes the instructions. Values: null for None, <c>bool</c>, <c>long</c>, <c>double</c>, <c>string</c>, <c>byte[]</c>,
/// <c>List&lt;object?&gt;</c>, <see cref="PickleTuple"/>, <see cref="PickleMap"/>, <see cref="PickleGlobal"/>, and what allowed calls give.
/// Whole numbers beyond 64 bits, sets and classes are refused. Time and memory are bounded by the pickle's length; values may be shared and even
/// contain themselves, so whoever walks them must know how deep he goes.
/// </remarks>
public sealed class PickleReader
{
    private const int HighestProtocol = 5;

    /// <summary>Python writes at most 1000 entries at a time, and nests no deeper than that either.</summary>
    private const int MostMarks = 1000;

    private const int MostOpenValues = 1 << 20;

    private readonly PickleBytes bytes;
    private readonly Dictionary<string, PickleGlobal> allowed;
    private readonly Func<object?, object?>? persistent;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly List<object?> memo = [];

    private PickleReader(ReadOnlyMemory<byte> pickle, IEnumerable<PickleGlobal> allowed, Func<object?, object?>? persistent)
    {
        bytes = new PickleBytes(pickle);
        this.allowed = allowed.ToDictionary(global => global.Name);
        this.persistent = persistent;
    }

    /// <param name="pickle">What follows its end is not looked at.</param>
    /// <param name="allowed">Every name it may mention.</param>
    /// <param name="persistent">Gives the object behind a persistent id; null where there may be none.</param>
    /// <exception cref="PickleException">The pickle is damaged, or mentions something that is not allowed.</exception>
    public static object? Read(ReadOnlyMemory<byte> pickle, IEnumerable<PickleGlobal> allowed, Func<object?, object?>? persistent = null)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        return new PickleReader(pickle, allowed, persistent).Run();
    }

    private object? Run()
    {
        while (true)
        {
            var code = bytes.Byte();
            if (code == '.')
                return Pop();
            if (!Constant(code) && !Container(code) && !Structure(code))
                throw bytes.Fault($"instruction 0x{code:x2} is none that plain values need");
            if (stack.Count > MostOpenValues || marks.Count > MostMarks)
                throw bytes.Fault("values are nested deeper than any that Python writes");
        }
    }

    private bool Constant(byte code)
    {
        switch (code)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'I': Push(IntegerLine(bytes.Line())); break;
            case (byte)'J': Push((long)bytes.Int32()); break;
            case (byte)'K': Push((long)bytes.Byte()); break;
            case (byte)'M': Push((long)bytes.UInt16()); break;
            case (byte)'L': Push(Integer(bytes.Line().TrimEnd((byte)'L'))); break;
            case 0x8a: Push(Integer(bytes.Byte())); break;
            case 0x8b: Push(Integer(bytes.UInt32())); break;
            case (byte)'F': Push(Float(bytes.Line())); break;
            case (byte)'G': Push(bytes.Double()); break;
            case (byte)'S': Push(PickleText.Quoted(bytes.Line()) ?? throw bytes.Fault("a text is not quoted as Python does")); break;
            case (byte)'T': Push(PickleBytes.OldText(bytes.Take(bytes.UInt32()))); break;
            case (byte)'U': Push(PickleBytes.OldText(bytes.Take(bytes.Byte()))); break;
            case (byte)'V': Push(PickleText.RawUnicode(bytes.Line()) ?? throw bytes.Fault("a text has an escape that is none")); break;
            case (byte)'X': Push(bytes.Utf8(bytes.UInt32())); break;
            case 0x8c: Push(bytes.Utf8(bytes.Byte())); break;
            case 0x8d: Push(bytes.Utf8(bytes.UInt64())); break;
            case (byte)'C': Push(bytes.Take(bytes.Byte()).ToArray()); break;
            case (byte)'B': Push(bytes.Take(bytes.UInt32()).ToArray()); break;
            case 0x8e or 0x96: Push(bytes.Take(bytes.UInt64()).ToArray()); break;
            default: return false;
        }

        return true;
    }

    private bool Container(byte code)
    {
        switch (code)
        {
            case (byte)'(': marks.Add(stack.Count); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'l': Push(new List<object?>(PopToMark())); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)')': Push(new PickleTuple([])); break;
            case (byte)'t': Push(new PickleTuple(PopToMark())); break;
            case 0x85 or 0x86 or 0x87: Push(new PickleTuple(PopLast(code - 0x84))); break;
            case (byte)'}': Push(new PickleMap()); break;
            case (byte)'d': Dictionary(PopToMark()); break;
            case (byte)'s': SetItems(PopLast(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private bool Structure(byte code)
    {
        switch (code)
        {
            case 0x80: Protocol(bytes.Byte()); break;
            case 0x95: Frame(bytes.UInt64()); break;
            case (byte)'0': Drop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': Push(Top()); break;
            case (byte)'p': Remember(Integer(bytes.Line())); break;
            case (byte)'q': Remember(bytes.Byte()); break;
            case (byte)'r': Remember(bytes.UInt32()); break;
            case 0x94: Remember(memo.Count); break;
            case (byte)'g': Push(Recall(Integer(bytes.Line()))); break;
            case (byte)'h': Push(Recall(bytes.Byte())); break;
            case (byte)'j': Push(Recall(bytes.UInt32())); break;
            case (byte)'c': Push(Global(bytes.Utf8(bytes.Line()), bytes.Utf8(bytes.Line()))); break;
            case 0x93: Push(NamedOnStack()); break;
            case (byte)'P': Push(Persistent(bytes.Utf8(bytes.Line()))); break;
            case (byte)'Q': Push(Persistent(Pop())); break;
            case (byte)'R': Push(Call()); break;
            case (byte)'b': Build(); break;
            case (byte)'i': throw Refused($"{bytes.Utf8(bytes.Line())}.{bytes.Utf8(bytes.Line())}");
            case (byte)'o': throw Refused(NameOf(PopToMark()));
            case 0x81: throw Refused(NameOf(PopLast(2)));
            case 0x92: throw Refused(NameOf(PopLast(3)));
            default: return false;
        }

        return true;
    }

    private void Protocol(byte version)
    {
        if (version > HighestProtocol)
            throw bytes.Fault($"protocol {version} is not known; 0 to {HighestProtocol} are");
    }

    /// <summary>Frames only say what may be read at once.</summary>
    private void Frame(ulong length)
    {
        if (length > int.MaxValue)
            throw bytes.Fault($"{length} bytes are claimed for a frame");
    }

    private void Push(object? value) => stack.Add(value);

    private object? Top() => stack.Count > Floor ? stack[^1] : throw bytes.Fault("a value is used that is not there");

    private object? Pop()
    {
        var top = Top();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private void Drop()
    {
        if (stack.Count == Floor && marks.Count > 0)
            marks.RemoveAt(marks.Count - 1);
        else
            Pop();
    }

    private object?[] PopLast(int count)
    {
        if (stack.Count - Floor < count)
            throw bytes.Fault("a value is used that is not there");
        object?[] items = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw bytes.Fault("a mark is used that is not there");
        var items = PopLast(stack.Count - Floor);
        marks.RemoveAt(marks.Count - 1);
        return items;
    }

    private int Floor => marks.Count > 0 ? marks[^1] : 0;

    private void Append(object?[] items) => (Top() as List<object?> ?? throw bytes.Fault("something is appended to what is no list")).AddRange(items);

    private void Dictionary(object?[] items)
    {
        Push(new PickleMap());
        SetItems(items);
    }

    private void SetItems(object?[] items)
    {
        var dictionary = Top() as PickleMap ?? throw bytes.Fault("an entry is set in what is no dictionary");
        if (items.Length % 2 != 0)
            throw bytes.Fault("a dictionary has a key without a value");
        for (var i = 0; i < items.Length; i += 2)
            dictionary.Set(items[i], items[i + 1]);
    }

    /// <summary>Each entry takes bytes of its own, so an honest number is smaller than what has been read.</summary>
    private void Remember(long index)
    {
        if (index < 0 || index > bytes.Position)
            throw bytes.Fault($"memo entry {index} is more than {bytes.Position} bytes can have filled");
        while (memo.Count <= index)
            memo.Add(null);
        memo[(int)index] = Top();
    }

    private object? Recall(long index) =>
        index >= 0 && index < memo.Count ? memo[(int)index] : throw bytes.Fault($"memo entry {index} is used and was never filled");

    private PickleGlobal NamedOnStack() => PopLast(2) is [string module, string name] ? Global(module, name) : throw bytes.Fault("a global is named by something else than two texts");

    private PickleGlobal Global(string module, string name) => allowed.TryGetValue($"{module}.{name}", out var global) ? global : throw Refused($"{module}.{name}");

    private object? Persistent(object? id) => persistent is null ? throw bytes.Fault("a persistent id is used where there are none") : persistent(id);

    private object? Call()
    {
        if (PopLast(2) is not [PickleGlobal function, PickleTuple arguments])
            throw bytes.Fault("something is called that is no function, or without a tuple of arguments");
        return function.Call is { } call ? call(arguments.Items) : throw Refused($"a call of {function.Name}");
    }

    /// <summary>PyTorch hangs versions of its modules on a state dictionary; nothing here needs them.</summary>
    private void Build()
    {
        Pop();
        if (Top() is not PickleMap)
            throw bytes.Fault("attributes are set on something that is no dictionary");
    }

    private object IntegerLine(ReadOnlySpan<byte> line) => line switch
    {
        [(byte)'0', (byte)'1'] => true,
        [(byte)'0', (byte)'0'] => false,
        _ => Integer(line),
    };

    private long Integer(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw bytes.Fault("a whole number is none, or has more than 64 bits");

    private long Integer(uint length)
    {
        var digits = bytes.Take(length);
        if (length > sizeof(long))
            throw bytes.Fault("a whole number has more than 64 bits");
        var number = length > 0 && (digits[^1] & 0x80) != 0 ? -1L : 0;
        for (var i = digits.Length - 1; i >= 0; i--)
            number = (number << 8) | digits[i];
        return number;
    }

    private double Float(ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw bytes.Fault("a float is none");

    private static string NameOf(object?[] made) => made is [PickleGlobal named, ..] ? named.Name : "an object";

    private PickleException Refused(string name) => bytes.Fault($"{PlainLine.Of(name.Length > 200 ? name[..200] : name)} is not allowed; only plain values are read, and nothing is ever run");
}
