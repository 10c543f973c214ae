using System.Globalization;

namespace Keras.Transformers;

/// <summary>The classes of a task: their names in the rows, and their indices.</summary>
sealed class JobLabels
{
    readonly Dictionary<string, int> _numbers;

    /// <summary>Whether class names are numbers, such as 1 to 5 stars, which are not indices.</summary>
    readonly bool _areNumbers;

    public JobLabels(IReadOnlyList<string> names)
    {
        (Names, _numbers, _areNumbers) = (names, new Dictionary<string, int>(StringComparer.Ordinal), names.Any(n => long.TryParse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)));
        foreach (var (number, name) in names.Index()) _numbers.TryAdd(name, number);
    }

    /// <summary>The names by index.</summary>
    public IReadOnlyList<string> Names { get; }

    public Dictionary<int, string> ById => Names.Index().ToDictionary(n => n.Index, n => n.Item);

    /// <summary>The classes of a model.</summary>
    /// <exception cref="UnsupportedException">The model does not have as many as the problem needs.</exception>
    public static JobLabels Of(PretrainedConfig config, JobProblem problem)
    {
        if (problem == JobProblem.OneClass ? config.num_labels < 2 : problem == JobProblem.Number && config.num_labels != 1)
            throw new UnsupportedException("The model has another number of labels than rows are judged by", "model.config", problem == JobProblem.OneClass ? "two labels or more, of which one is right" : "one label, a number", $"num_labels {config.num_labels}, problem_type {Known.Say(config.problem_type)}", "Judge by figures of your own, with Keras.Transformers.Evaluate.");
        return new([.. config.id2label.OrderBy(l => l.Key).Select(l => l.Value)]);
    }

    /// <summary>The classes in a column: in the order of its type, otherwise numbers by size and texts in ordinal order, "O" (no span) first.</summary>
    /// <exception cref="JobOptionException">Labels are missing or fractional, or there is only one class.</exception>
    public static JobLabels In(IReadOnlyList<Dataset> data, string column, Func<DatasetValue, IEnumerable<string>> read)
    {
        if (ClassesOf(data[0].features[column]) is { } known) return new(known.names);
        HashSet<string> names = [.. data.SelectMany(d => NamesIn(d, column, read))];
        if (names.Count < 2) throw new JobOptionException(ColumnRole.Label.Option, "There is nothing to tell apart", "two classes or more", $"{names.Count} in column \"{column}\"");
        return new([.. names.All(n => long.TryParse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) ? names.OrderBy(n => long.Parse(n, CultureInfo.InvariantCulture)) : names.OrderBy(n => n != "O").ThenBy(n => n, StringComparer.Ordinal)]);
    }

    /// <summary>The class names in the rows of a column.</summary>
    /// <exception cref="JobOptionException">A label is missing or a fraction.</exception>
    public static HashSet<string> NamesIn(Dataset data, string column, Func<DatasetValue, IEnumerable<string>> read)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var batch in data.select_columns(column).iter(1000))
            foreach (var cell in batch[column]) names.UnionWith(read(cell));
        return names;
    }

    static ClassLabel? ClassesOf(Feature feature) => feature as ClassLabel ?? (feature is Sequence list ? ClassesOf(list.feature) : null);

    /// <summary>The index of a class.</summary>
    /// <exception cref="JobOptionException">The model has no such class.</exception>
    public int this[string name] => _numbers.TryGetValue(name, out var number) ? number
        : !_areNumbers && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Names.Count ? number
        : throw new JobOptionException(ColumnRole.Label.Option, "A label is no class of the model", Known.List(Names.Take(20)), Known.Say(name), Known.Nearest(name, Names).TrimStart() is { Length: > 0 } near ? near : null);

    /// <summary>The name of a cell's class.</summary>
    /// <exception cref="JobOptionException">The cell is empty or fractional.</exception>
    public static string Name(DatasetValue cell)
    {
        if (cell.IsNull) throw Missing("an empty cell");
        if (cell.Feature is ClassLabel classes) return (long)cell >= 0 ? classes.int2str((int)(long)cell) : throw Missing($"{(long)cell}");
        return cell.ToObject() switch
        {
            string { Length: > 0 } text => text,
            string => throw Missing("an empty text"),
            bool flag => flag ? "True" : "False",
            float or double when Convert.ToDouble(cell.ToObject(), CultureInfo.InvariantCulture) is var number =>
                number == Math.Truncate(number) ? $"{(long)number}" : throw new JobOptionException(ColumnRole.Label.Option, "A label is a fraction", "names or whole numbers of classes", Known.Say(number), "For numbers to be learnt as such, train with the kind of labels \"regression\" (ProblemType, --problem-type)."),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var other => throw new JobOptionException(ColumnRole.Label.Option, "A label is neither a name nor a number", "names or whole numbers of classes", Known.Say(other), "Lists of names are learnt where a model is trained with the kind of labels \"multi_label_classification\" (ProblemType, --problem-type)."),
        };
    }

    public static JobOptionException Missing(string received) => new(ColumnRole.Label.Option, "A label is missing", "a label in each row", received, "Leave such rows out, or name another column.");
}
