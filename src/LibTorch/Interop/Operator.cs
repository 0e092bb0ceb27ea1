using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>An ATen operator, found once by schema name and overload, then called through the dispatcher's boxed interface.</summary>
/// <remarks>Arguments that are not given take the schema's defaults, so that schemas which grew since 1.13 are called the same way.</remarks>
internal sealed unsafe class Operator
{
    private const int StackWords = 64;
    private readonly string schema;
    private readonly string overload;
    private readonly bool optional;
    private nint handle;

    private Operator(string name, string overload, bool optional)
    {
        schema = $"aten::{name}";
        this.overload = overload;
        this.optional = optional;
    }

    public string Name => overload.Length == 0 ? schema : $"{schema}.{overload}";

    /// <summary>False for one that this libtorch does not have.</summary>
    public bool Exists => (handle != 0 ? handle : handle = Bridge.pipeline_operator_find(schema, overload)) != 0;

    /// <summary>An operator that every supported libtorch has.</summary>
    public static Operator Find(string name, string overload = "") => new(name, overload, optional: false);

    /// <summary>An operator that only newer libtorch versions have; ask <see cref="Exists"/> before calling it.</summary>
    public static Operator Optional(string name, string overload = "") => new(name, overload, optional: true);

    /// <exception cref="NotSupportedException">The libtorch that is loaded lacks some that it must have; names all of them.</exception>
    public static void Require(IEnumerable<Operator> operators)
    {
        var missing = operators.Where(one => !one.Exists && !one.optional).Select(one => one.Name).Order().ToList();
        if (missing.Count > 0)
        {
            throw new NotSupportedException(
                $"libtorch {__version__} lacks {missing.Count} operator schemas that are needed: {string.Join(", ", missing)}. "
                + "Supported are 1.13 and 2.x; an unusual build may have left operators out.");
        }
    }

    /// <summary>Calls an operator whose first result is a tensor.</summary>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return Take(result);
    }

    /// <summary>As <see cref="Call"/>, the result not yet an object of its own.</summary>
    public nint CallHandle(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result.Pointer;
    }

    public (Tensor First, Tensor Second) CallPair(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc Value[2];
        Invoke(arguments, results, 2);
        return (Take(results[0]), Take(results[1]));
    }

    public (Tensor First, Tensor Second, Tensor Third) CallTriple(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc Value[3];
        Invoke(arguments, results, 3);
        return (Take(results[0]), Take(results[1]), Take(results[2]));
    }

    /// <summary>Calls an operator whose result is a list of tensors.</summary>
    public Tensor[] CallList(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        var tensors = new Tensor[result.Length];
        var pointers = (nint*)result.Pointer;
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(pointers[i]);
        }

        Bridge.pipeline_list_free(result.Pointer);
        return tensors;
    }

    public bool CallBoolean(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result.Integer != 0;
    }

    /// <summary>Calls an operator that returns a number, or the item of a tensor.</summary>
    public Value CallNumber(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result;
    }

    /// <summary>Calls an operator that changes its first argument in place, and returns that tensor itself.</summary>
    public Tensor Update(params ReadOnlySpan<Argument> arguments)
    {
        Invoke(arguments, null, 0);
        return arguments[0].Tensor!;
    }

    private Tensor Take(in Value result) =>
        result.Kind == ValueKind.Tensor && result.Pointer != 0
            ? new Tensor(result.Pointer)
            : throw new ExternalException($"{Name} returned no tensor");

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Argument> arguments, Value* results, int capacity)
    {
        if (handle == 0)
        {
            Operators.RequireAll();
            if (!Exists)
            {
                throw new NotSupportedException($"libtorch {__version__} has no operator {Name}");
            }
        }

        var values = stackalloc Value[arguments.Length];
        var needed = 0;
        foreach (ref readonly var argument in arguments)
        {
            needed += argument.Words;
        }

        var stack = stackalloc long[StackWords];
        fixed (long* heap = needed > StackWords ? new long[needed] : null)
        {
            var words = heap == null ? stack : heap;
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i].Write(out values[i], words);
                words += arguments[i].Words;
            }

            int produced;
            if (Bridge.pipeline_operator_call(handle, values, arguments.Length, results, capacity, &produced) != 0)
            {
                throw Failure(arguments);
            }
        }
    }

    private ExternalException Failure(ReadOnlySpan<Argument> arguments)
    {
        var message = new StringBuilder(Name).Append(": ").Append(Bridge.LastError.Trim());
        var tensors = 0;
        foreach (ref readonly var argument in arguments)
        {
            foreach (var tensor in argument.Tensors)
            {
                message.Append(tensors++ == 0 ? "\n  tensors: " : ", ").Append(tensor?.Summary() ?? "none");
            }
        }

        return new ExternalException(message.ToString());
    }
}
