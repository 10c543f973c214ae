using Keras.Backend;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Survey;

/// <summary>The outcome of an export.</summary>
enum Outcome
{
    /// <summary>Gave Python's values.</summary>
    Ran,
    /// <summary>Gave other values, dtypes or shapes.</summary>
    Differs,
    /// <summary>Needs something unsupported, which the error names.</summary>
    Refused,
    /// <summary>Failed with another error.</summary>
    Failed,
}

/// <summary>The result of an export.</summary>
sealed record SurveyResult(string Name, Outcome Outcome, double Difference, string Detail);

/// <summary>An export of Python's with a recorded call.</summary>
sealed record SurveyedExport(string Name, string Folder)
{
    /// <summary>The allowed distance from Python's values, relative to an output's largest value or 1.</summary>
    const double Tolerance = 1e-4;

    public static IEnumerable<SurveyedExport> In(string folder) => Directory.EnumerateDirectories(folder, "*.call").Order(StringComparer.Ordinal)
        .Select(call => new SurveyedExport(Path.GetFileNameWithoutExtension(call), call[..^".call".Length]));

    public SurveyResult Run()
    {
        try
        {
            using var runner = EngineSelection.LoadSavedModel(Folder);
            var (inputs, expected) = (Tensors("input."), Tensors("output."));
            return Compared(runner.Run("serving_default", inputs), expected);
        }
        catch (UnsupportedException e)
        {
            return new(Name, Outcome.Refused, 0, OneLine(e.Message));
        }
#pragma warning disable CA1031 // Every outcome is a line of the table.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(Name, Outcome.Failed, 0, $"{e.GetType().Name}: {OneLine(e.Message)}");
        }
    }

    Dictionary<string, HostTensor> Tensors(string prefix) => Directory.EnumerateFiles(Folder + ".call", prefix + "*.pb")
        .ToDictionary(f => Path.GetFileName(f)[prefix.Length..^".pb".Length], f => TensorProtos.FromProto(TensorProto.Parser.ParseFrom(File.ReadAllBytes(f)), f));

    SurveyResult Compared(IReadOnlyDictionary<string, HostTensor> actual, Dictionary<string, HostTensor> expected)
    {
        var worst = 0.0;
        foreach (var (name, value) in expected)
        {
            if (!actual.TryGetValue(name, out var given)) return new(Name, Outcome.Differs, double.NaN, $"no output '{name}'");
            if (given.DType != value.DType || given.Shape != value.Shape) return new(Name, Outcome.Differs, double.NaN, $"'{name}' is {given.DType} {given.Shape}, not {value.DType} {value.Shape}");
            worst = Math.Max(worst, Distance(given, value));
        }
        return new(Name, worst <= Tolerance ? Outcome.Ran : Outcome.Differs, worst, "");
    }

    static double Distance(HostTensor actual, HostTensor expected)
    {
        if (expected.Strings is { } strings) return actual.Strings!.Zip(strings).All(p => p.First.AsSpan().SequenceEqual(p.Second)) ? 0 : double.PositiveInfinity;
        if (!expected.DType.IsFloating) return actual.Data.AsSpan().SequenceEqual(expected.Data) ? 0 : double.PositiveInfinity;
        var (a, e) = (actual.ToDouble(), expected.ToDouble());
        var scale = Math.Max(1, e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        return a.Zip(e).Select(p => p.First.Equals(p.Second) ? 0 : double.IsNaN(p.First - p.Second) ? double.PositiveInfinity : Math.Abs(p.First - p.Second) / scale).DefaultIfEmpty().Max();
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ") is var line && line.Length > 240 ? line[..240] : line;
}
