using System.Globalization;
using System.Reflection;

namespace Keras.Tests;

/// <summary>What is wrong with how a method meets a bad argument: it must refuse it by a typed error that names one of the method's own parameters.</summary>
static class ArgumentFaults
{
    static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Whether a parameter is a reference that must not be null.</summary>
    public static bool RefusesNull(ParameterInfo parameter)
    {
        lock (Nullability) return !parameter.ParameterType.IsValueType && !parameter.IsOut && Nullability.Create(parameter).WriteState == NullabilityState.NotNull;
    }

    /// <summary>The fault of one call; null for none.</summary>
    public static string? Of(MethodBase method, object? target, object?[] arguments, ParameterInfo parameter)
    {
        try
        {
            Call(method, target, arguments);
            return "taken";
        }
        catch (ArgumentException e)
        {
            return e.ParamName is null ? e.Message.Contains(parameter.Name!, StringComparison.Ordinal) ? null : $"names nothing: {e.Message}"
                : Array.Exists(method.GetParameters(), p => p.Name == e.ParamName) ? null : $"names {e.ParamName}: {e.Message}";
        }
        catch (KeyNotFoundException e)
        {
            // Of a name that is looked up, as in an indexer.
            var given = Known.Say(arguments[parameter.Position]).Trim('[', ']');
            return e.Message.Contains(given, StringComparison.Ordinal) && e.Message.Contains("Expected: ", StringComparison.Ordinal) ? null : $"says neither what was given nor what is expected: {e.Message}";
        }
        catch (KerasException e)
        {
            var isNamed = e.Message.Contains(parameter.Name!, StringComparison.Ordinal) || e is ShapeMismatchException or UnsupportedException;
            return e is EngineException ? $"left to the engine: {e.Message}" : isNamed ? null : $"names no {parameter.Name}: {e.Message}";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    /// <summary>Calls a method; its exceptions come as they are.</summary>
    public static object? Call(MethodBase method, object? target, object?[] arguments)
    {
        return method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);
    }
}
