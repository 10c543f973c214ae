using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Keras.Transformers;

/// <summary>
/// A text that identifies a function and its captured values, so that equal texts mean equal results: its assembly's build, the method, and the values it closes over.
/// </summary>
static class FunctionIdentity
{
    const int MostParts = 10_000;

    /// <summary>The identity; null if the content of a captured value cannot be identified, so its results cannot be cached.</summary>
    public static string? Of(Delegate function)
    {
        var text = new StringBuilder();
        var budget = MostParts;
        return Append(text, function, ref budget, new(ReferenceEqualityComparer.Instance)) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))) : null;
    }

    static bool Append(StringBuilder text, object? value, ref int budget, Dictionary<object, int> seen)
    {
        if (--budget < 0) return false;
        switch (value)
        {
            case null: text.Append("null;"); return true;
            case string s: text.Append(s.Length).Append(':').Append(s).Append(';'); return true;
            case Type type: text.Append(type.AssemblyQualifiedName).Append(';'); return true;
            case Delegate function: return AppendFunction(text, function, ref budget, seen);
            case PreTrainedTokenizerBase tokenizer: text.Append(TokenizerIdentity.Of(tokenizer)).Append(';'); return true;
            case Dataset data: text.Append(data._fingerprint).Append(';'); return true;
            case Feature feature: text.Append(feature).Append(';'); return true;
            case bool or char or Enum: text.Append(value).Append(';'); return true;
            case IFormattable number when value.GetType().IsPrimitive || value is decimal or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid:
                text.Append(number.ToString(value switch { float or double => "R", DateTime or DateTimeOffset or DateOnly or TimeOnly => "O", _ => null }, CultureInfo.InvariantCulture)).Append(';');
                return true;
        }
        // A repeated object is written by its index; other objects equal to it are written again.
        if (!value.GetType().IsValueType && !seen.TryAdd(value, seen.Count))
        {
            text.Append('@').Append(seen[value]).Append(';');
            return true;
        }
        if (value is IList or IDictionary or ISet<string> or ISet<int>) return AppendItems(text.Append(value.GetType()), (IEnumerable)value, ref budget, seen);
        return IsClosure(value.GetType()) && AppendFields(text, value, ref budget, seen);
    }

    static bool AppendFunction(StringBuilder text, Delegate function, ref int budget, Dictionary<object, int> seen)
    {
        var method = function.Method;
        text.Append(method.Module.ModuleVersionId).Append(method.DeclaringType).Append('.').Append(method.Name);
        // Programs compiled ahead of time have no metadata tokens.
        if (method.HasMetadataToken()) text.Append(CultureInfo.InvariantCulture, $"#{method.MetadataToken:x}");
        else text.Append('#').Append(method);
        if (method.IsGenericMethod) text.Append('<').AppendJoin(',', method.GetGenericArguments().Select(t => t.AssemblyQualifiedName)).Append('>');
        return Append(text, function.Target, ref budget, seen);
    }

    static bool AppendItems(StringBuilder text, IEnumerable items, ref int budget, Dictionary<object, int> seen)
    {
        if (items is Array { Rank: 1 } array && array.GetType().GetElementType()!.IsPrimitive)
        {
            var bytes = new byte[Buffer.ByteLength(array)];
            Buffer.BlockCopy(array, 0, bytes, 0, bytes.Length);
            text.Append(Convert.ToHexStringLower(SHA256.HashData(bytes))).Append(';');
            return true;
        }
        if (items is Array { Rank: > 1 } grid)
            for (var axis = 0; axis < grid.Rank; axis++) text.Append(CultureInfo.InvariantCulture, $"{grid.GetLength(axis)},");
        foreach (var item in items)
        {
            if (item is DictionaryEntry entry)
            {
                if (!Append(text, entry.Key, ref budget, seen) || !Append(text, entry.Value, ref budget, seen)) return false;
            }
            else if (!Append(text, item, ref budget, seen)) return false;
        }
        text.Append("];");
        return true;
    }

    /// <summary>Whether a type is a compiler-generated closure, or a record or struct of values.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    static bool IsClosure(Type type) => type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false) || type.IsValueType
        || type.GetMethod("<Clone>$") is not null || type.GetInterfaces().Any(i => i == typeof(System.Runtime.CompilerServices.ITuple));

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    static bool AppendFields(StringBuilder text, object value, ref int budget, Dictionary<object, int> seen)
    {
        text.Append(value.GetType().FullName).Append('{');
        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            // These fields cache delegates of lambdas without captures.
            if (field.FieldType == typeof(nint) || field.FieldType.IsPointer) return false;
            text.Append(field.Name).Append('=');
            if (!Append(text, field.GetValue(value), ref budget, seen)) return false;
        }
        text.Append('}');
        return true;
    }
}
