namespace Keras;

/// <summary>Objects that occur several times in one config: all their forms have the same "shared_object_id", and one object is made from them.</summary>
/// <remarks>A thread's outermost scope counts; inner scopes join it. Source: keras/src/saving/serialization_lib.py.</remarks>
sealed class SharedObjects : IDisposable
{
    const string Key = "shared_object_id";

    [ThreadStatic] static SharedObjects? s_current;

    readonly Dictionary<object, (long Id, Dictionary<string, object?> First)> _written = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<long, object> _made = [];
    int _depth;

    SharedObjects() { }

    /// <summary>Enters the scope of one config, until disposed.</summary>
    public static SharedObjects Enter()
    {
        s_current ??= new();
        s_current._depth++;
        return s_current;
    }

    /// <summary>Marks the forms of an object that is written repeatedly.</summary>
    public Dictionary<string, object?> Written(object value, Dictionary<string, object?> form)
    {
        if (_written.TryGetValue(value, out var before)) before.First[Key] = form[Key] = before.Id;
        else _written[value] = (_written.Count + 1, form);
        return form;
    }

    /// <summary>The object of a form; made unless an earlier form was of the same object.</summary>
    public T Made<T>(IReadOnlyDictionary<string, object?> form, Func<T> make) where T : class
    {
        if (form.GetValueOrDefault(Key) is not IConvertible number) return make();
        var id = Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture);
        if (_made.TryGetValue(id, out var made))
            return made as T ?? throw new ArgumentException($"Two forms of a config share an object and are of different kinds. Expected: {typeof(T).Name}. Received: {made.GetType().Name}.", nameof(form));
        var value = make();
        _made[id] = value;
        return value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (--_depth == 0) s_current = null;
    }
}
