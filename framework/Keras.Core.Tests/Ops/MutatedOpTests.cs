using Keras.Engines;

namespace Keras.Tests.Ops;

/// <summary>One mistake is one exception on both engines: every case of an op with one input of another shape, dtype or value.</summary>
sealed class MutatedOpTests
{
    static IEnumerable<OpCase> All => OpCases.All;

    /// <summary>What an engine makes of a call: null for values, else the exception.</summary>
    static Exception? Try(IEngine engine, OpCase c, OpInput[] inputs)
    {
        using var use = Engine.Use(engine);
        try
        {
            foreach (var output in new OpRunner(engine, inputs).Eager(x => c.Run(x)))
                if (output.dtype != DType.Variant) output.ToHost();
            return null;
        }
#pragma warning disable CA1031 // Whatever comes is compared.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    [TestCaseSource(nameof(All))]
    public void BothEnginesRefuseTheSame(OpCase c)
    {
        var (torch, tensorflow) = (TestEngines.Require("torch"), TestEngines.Require("tensorflow"));
        var differences = new List<string>();
        foreach (var (name, inputs) in OpMutations.Of(c.MakeInputs()))
        {
            var (ours, theirs) = (Try(torch, c, inputs), Try(tensorflow, c, inputs));
            foreach (var error in (Exception?[])[ours, theirs])
                if (error is not (null or KerasException or ArgumentException or IndexOutOfRangeException)) differences.Add($"{name}: {error.GetType().Name} is no typed error: {error.Message}");
            if (Facts(ours) == Facts(theirs)) continue;
            if (EngineDifferences.IsKnown(c.Name, ours, theirs)) continue;
            differences.Add($"{name}: torch {Text(ours)}; tensorflow {Text(theirs)}");
        }
        Assert.That(differences, Is.Empty, string.Join('\n', differences));
    }

    /// <summary>What an exception says, in what both engines know: of a failure that only an engine sees, that it is one, and of which op.</summary>
    static string Facts(Exception? error) => error switch
    {
        null => "values",
        EngineException e => $"{nameof(EngineException)}, names its op: {e.Where?.Length > 0}",
        KerasException e => $"{e.GetType().Name} {e.Where}: {e.Expected}; {e.Received}; {e.Remedy}",
        _ => $"{error.GetType().Name} {error.Message}",
    };

    static string Text(Exception? error) => error is null ? "gives values" : $"{error.GetType().Name} {error.Message.ReplaceLineEndings(" ")}";
}
