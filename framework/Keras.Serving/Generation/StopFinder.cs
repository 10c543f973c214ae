using System.Text;

namespace Keras.Serving;

/// <summary>Finds the first stop text in text that arrives in parts, and holds back what may be the start of one.</summary>
sealed class StopFinder(IReadOnlyList<string> stops)
{
    readonly StringBuilder _held = new();

    /// <summary>Whether a stop text was found.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Takes the next part and returns the text that is final.</summary>
    public string Push(string part)
    {
        if (HasStopped) return "";
        if (stops.Count == 0) return part;
        _held.Append(part);
        var text = _held.ToString();
        var found = stops.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (found >= 0)
        {
            HasStopped = true;
            _held.Clear();
            return text[..found];
        }
        var kept = Enumerable.Range(1, Math.Min(text.Length, stops.Max(s => s.Length) - 1)).Reverse().FirstOrDefault(n => stops.Any(s => s.StartsWith(text[^n..], StringComparison.Ordinal)));
        _held.Remove(0, text.Length - kept);
        return text[..^kept];
    }

    /// <summary>Returns the text held back, once the text has ended.</summary>
    public string Flush()
    {
        var rest = _held.ToString();
        _held.Clear();
        return rest;
    }
}
