namespace Keras.Transformers.Tests;

/// <summary>Compares tensors as the golden README says: |x - expected| at most a tolerance of the largest expected value, or of 1.</summary>
sealed class Closeness
{
    readonly List<string> _problems = [];

    /// <summary>Compares one tensor.</summary>
    /// <param name="name">What it is called in a failure.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="expected">What is right.</param>
    /// <param name="tolerance">The tolerance.</param>
    /// <param name="counts">Whether an element counts, by its position; default all.</param>
    public void Compare(string name, HostTensor actual, HostTensor expected, double tolerance, Func<long[], bool>? counts = null)
    {
        if (actual.Shape != expected.Shape) _problems.Add($"{name}: shape {actual.Shape}, expected {expected.Shape}");
        else Compare(name, actual.ToDouble(), expected.ToDouble(), tolerance, counts is null ? null : i => counts(Position(expected.Shape, i)));
    }

    public void Compare(string name, IReadOnlyList<double> actual, IReadOnlyList<double> expected, double tolerance, Func<int, bool>? counts = null)
    {
        if (actual.Count != expected.Count)
        {
            _problems.Add($"{name}: {actual.Count} values, expected {expected.Count}");
            return;
        }
        var allowed = tolerance * Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty(0).Max());
        var (worst, at) = (0.0, -1);
        for (var i = 0; i < expected.Count; i++)
        {
            if (counts is not null && !counts(i)) continue;
            var difference = Math.Abs(actual[i] - expected[i]);
            if (double.IsNaN(difference)) difference = double.PositiveInfinity;
            if (difference > worst) (worst, at) = (difference, i);
        }
        if (worst > allowed) _problems.Add($"{name}: element {at} is {actual[at]:R}, expected {expected[at]:R}; off by {worst:G3}, allowed {allowed:G3}");
    }

    public void Fail(string problem) => _problems.Add(problem);

    public bool IsClose => _problems.Count == 0;

    public override string ToString() => string.Join(Environment.NewLine, _problems);

    /// <summary>Fails the test with every difference.</summary>
    public void Verify() => Assert.That(_problems, Is.Empty, ToString());

    static long[] Position(Shape shape, int index)
    {
        var position = new long[shape.Rank];
        for (var (axis, rest) = (shape.Rank - 1, (long)index); axis >= 0; rest /= shape[axis], axis--) position[axis] = rest % shape[axis];
        return position;
    }
}
