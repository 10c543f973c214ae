using System.Text.Json;

namespace Keras.Tests;

/// <summary>Invalid calls: what Keras refuses is refused here with a message that says what was wrong.</summary>
/// <remarks>A case's call is a Python expression; the tables have those that C# can express.</remarks>
public sealed class ErrorGoldenTests
{
    static readonly Dictionary<string, Action> Calls =
        new(new[] { LayerMistakes.Calls, TrainingMistakes.Calls, ModelMistakes.Calls, OpMistakes.Calls }.SelectMany(c => c));

    /// <summary>Why the others are not tried.</summary>
    static readonly Dictionary<string, string> Reasons = new()
    {
        ["L.Dense(\"3\")"] = Compiler, ["L.Dense(3, bogus=1)"] = Compiler, ["L.BatchNormalization(momentum=\"x\")"] = Compiler, ["L.RepeatVector(\"2\")"] = Compiler, ["L.TextVectorization(output_mode=\"int\", ngrams=\"x\")"] = Compiler,
        ["L.Bidirectional(L.Dense(3))"] = Compiler, ["L.TimeDistributed(3)"] = Compiler, ["Lo.BinaryCrossentropy()(\"x\", f(2))"] = Compiler, ["Op.Adam(learning_rate=\"x\")"] = Compiler,
        ["Op.Adam(bogus=1)"] = Compiler, ["K.regularizers.L1(\"x\")"] = Compiler, ["K.Sequential([3])"] = Compiler, ["compiled().evaluate(f(2, 3), f(2, 1), bogus=1)"] = Compiler,
        ["compiled().fit(f(2, 3), f(2, 1), callbacks=[3], verbose=0)"] = Compiler,
        ["K.callbacks.EarlyStopping(mode=\"nosuch\") and None or [][1]"] = "The call is about Python's lists.",
    };

    const string Compiler = "The C# compiler refuses the call.";

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("errors", "errors", RunMode.Eager).Select(test => (JsonElement)test.Arguments[0]!)
        .Select(c => new TestCaseData(c).SetArgDisplayNames(c.GetProperty("call").GetString()!).SetCategory("Golden"));

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void WhatKerasRefusesIsRefused(JsonElement golden)
    {
        var text = golden.GetProperty("call").GetString()!;
        if (!Calls.TryGetValue(text, out var call)) Assert.Ignore(Reasons.GetValueOrDefault(text) ?? "The test does not know the call, or there is no such class yet.");
        if (golden.GetProperty("raises").ValueKind == JsonValueKind.False) Accepts(call!);
        else Refuses(call!);
    }

    static void Refuses(Action call)
    {
        var error = Assert.Catch(() => call())!;
        Assert.That(IsTyped(error), $"{error.GetType().Name}: {error.Message}");
        Assert.That(error.Message, Has.Length.GreaterThan(20));
    }

    /// <summary>Where Keras accepts a call, a typed error is accepted too.</summary>
    static void Accepts(Action call)
    {
        try
        {
            call();
        }
        catch (Exception e) when (IsTyped(e))
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
    }

    static bool IsTyped(Exception e) => e is KerasException or ArgumentException or InvalidOperationException or IOException;
}
