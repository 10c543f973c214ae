using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Keras;

/// <summary>
/// Records the layers and variables used below a layer, to find untracked ones: they would compute, but never be trained, counted, frozen or saved.
/// </summary>
sealed class LayerUses : IDisposable
{
    const int Deepest = 6, MostObjects = 20_000;

    [ThreadStatic] static LayerUses? s_current;

    readonly Layer _outermost;
    readonly LayerUses? _outer = s_current;
    readonly List<(Layer Used, Layer Caller)> _used = [];
    readonly VariableReads _reads = VariableReads.Note();
    Layer _caller;

    /// <summary>Starts to record what is used below a layer that is called.</summary>
    /// <param name="outermost">The layer.</param>
    public LayerUses(Layer outermost) => (_outermost, _caller, s_current) = (outermost, outermost, this);

    /// <summary>Records a layer's call, until disposed; null if nothing is recording.</summary>
    public static IDisposable? Enter(Layer layer)
    {
        if (s_current is not { } uses) return null;
        var caller = uses._caller;
        uses._used.Add((layer, caller));
        uses._caller = layer;
        return new Engines.Scope(() => uses._caller = caller);
    }

    /// <summary>Stops recording.</summary>
    public void Dispose()
    {
        _reads.Dispose();
        s_current = _outer;
    }

    /// <summary>Throws if anything used is not tracked; the message names the field that leads to it.</summary>
    /// <exception cref="UnsupportedException">A layer that was called, or a variable that was read, is not tracked.</exception>
    public void Check()
    {
        var tracked = _outermost.AllLayers().Append(_outermost).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (layer, caller) in _used.Where(u => !tracked.Contains(u.Used)).Distinct())
        {
            var weights = WeightsOf(layer);
            if (weights.Count == 0) continue;
            var path = FieldPath(layer, caller) ?? FieldPath(layer, _outermost);
            if (path is not null || weights.Exists(w => w.trainable))
                throw Untracked($"The layer '{layer.name}' ({layer.GetType().Name})", path ?? "a local variable, a static field or what a function captures", caller);
        }
        var layers = tracked.Cast<Layer>().ToList();
        var known = layers.SelectMany(l => l.OwnWeights.Concat(l.StatesBetweenCalls)).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var variable in _reads.Variables.Where(v => v.dtype.IsFloating && !known.Contains(v)).Distinct())
            foreach (var holder in layers)
                if (FieldPath(variable, holder) is { } path) throw Untracked($"The variable '{variable.name}'", path, holder);
    }

    /// <summary>The weights of a layer without seed states, which need not be tracked.</summary>
    static List<Variable> WeightsOf(Layer layer) => [.. layer.weights.Where(w => w.dtype.IsFloating)];

    static UnsupportedException Untracked(string what, string where, Layer user) => new($"{what} is used by '{user.name}' ({user.GetType().Name}) and is not tracked",
        where, "a field or property of the layer, or a collection or tuple in one", where,
        "It would compute, and never be trained, counted, frozen or saved. Keep it in a field or property of the layer itself.");

    /// <summary>The fields that lead from a layer to what it uses, through objects that are not tracked; null if none do.</summary>
    static string? FieldPath(object target, Layer owner)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { owner };
        var queue = new Queue<(object Holder, string Path, int Depth)>();
        queue.Enqueue((owner, "", 0));
        while (queue.TryDequeue(out var place) && seen.Count < MostObjects)
            foreach (var (name, value) in PartsOf(place.Holder))
            {
                var path = place.Path + name;
                if (ReferenceEquals(value, target)) return $"the {path.TrimStart('.')} of {owner.GetType().Name}";
                if (value is not (string or ITracked or Variable or Tensor or Tensors or Type or MemberInfo) && !value.GetType().IsPrimitive && place.Depth < Deepest && seen.Add(value))
                    queue.Enqueue((value, path, place.Depth + 1));
            }
        return null;
    }

    static IEnumerable<(string Name, object Value)> PartsOf(object holder)
    {
        if (FieldTracker.ItemsOf(holder) is { } items) return Numbered(items);
        if (holder is Delegate function) return function.Target is { } target ? [("", target)] : [];
        if (holder is IEnumerable && holder is not Layer) return [];
        return FieldsOf(holder.GetType()).Select(f => (Named(f), f.GetValue(holder)!)).Where(p => p.Item2 is not null);
    }

    static IEnumerable<(string Name, object Value)> Numbered(IEnumerable<object?> items)
    {
        var index = 0;
        foreach (var item in items)
        {
            if (item is not null) yield return ($"[{index}]", item);
            index++;
        }
    }

    static string Named(FieldInfo field) => field.Name.StartsWith('<') && field.Name.IndexOf('>') is var end and > 1 ? $".{field.Name[1..end]}" : $".{field.Name}";

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed away holds nothing.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that was trimmed away holds nothing.")]
    static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var t = type; t is not null && t != typeof(Layer) && t != typeof(object); t = t.BaseType)
            foreach (var field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (!field.FieldType.IsPrimitive && !field.FieldType.IsPointer && !field.FieldType.IsByRefLike) yield return field;
    }
}
