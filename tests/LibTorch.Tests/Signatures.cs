using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Pipeline.LibTorch.Tests;

/// <summary>Prints public types and members as torchsharp-api.txt does.</summary>
internal static class Signatures
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string OfType(Type type)
    {
        if (type.IsEnum)
        {
            var values = Enum.GetNames(type).Select(name => $"{name}={Number(Enum.Parse(type, name))}");
            return $"enum {Path(type)} : {string.Join(", ", values)}";
        }

        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var parent = type.BaseType is { } above && above != typeof(object) && above != typeof(ValueType) ? $" : {Name(above)}" : "";
        return $"{kind} {Path(type)}{parent}";
    }

    /// <summary>True for a static class that is a mere place for others; the list has no line for those.</summary>
    public static bool OnlyHoldsTypes(Type type) => type is { IsAbstract: true, IsSealed: true } && !OfMembers(type).Any();

    /// <summary>An enum's values are in its header.</summary>
    public static IEnumerable<string> OfMembers(Type type)
    {
        if (type.IsEnum)
        {
            return [];
        }

        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetConstructors(declared).Select(Constructor)
            .Concat(type.GetMethods(declared).Where(IsOrdinary).Select(Method))
            .Concat(type.GetProperties(declared).Select(Property))
            .Concat(type.GetFields(declared).Select(Field));
    }

    private static bool IsOrdinary(MethodInfo method) => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Constructor(ConstructorInfo constructor) => $"new({Parameters(constructor.GetParameters())})";

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{Static(method)}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method.GetParameters())})";
    }

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { IsPublic: true } ? "get; " : "";
        var set = property.SetMethod is { IsPublic: true } ? "set; " : "";
        var index = property.GetIndexParameters();
        var name = index.Length > 0 ? $"this[{Parameters(index)}]" : property.Name;
        return $"{Static(property.GetMethod!)}{Name(property.PropertyType)} {name} {{ {get}{set}}}";
    }

    private static string Field(FieldInfo field)
    {
        var value = field.IsLiteral ? $" = {Number(field.GetRawConstantValue()!)}" : "";
        return $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{value}";
    }

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var modifier = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        var value = parameter.HasDefaultValue ? $" = {Default(parameter.DefaultValue)}" : "";
        return $"{modifier}{Name(type)} {parameter.Name}{value}";
    }

    private static string Default(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Number(value),
    };

    private static string Number(object value) => value is Enum
        ? Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.IsAssignableTo(typeof(ITuple)) && !type.ContainsGenericParameters
            ? $"({arguments})"
            : $"{type.Name.Split('`')[0]}<{arguments}>";
    }

    private static string Path(Type type) => type.DeclaringType is { } outer ? $"{Path(outer)}.{type.Name}" : $"{type.Namespace}.{type.Name}";
}
