using Keras.Engines;

namespace Keras.Transformers.Tests;

/// <summary>Tests of a tokenizer in the graph run on either engine, whichever is the default.</summary>
abstract class InGraphTokenizerFixture(string engine) : EngineFixture
{
    IDisposable? _use;

    protected string EngineName => engine;

    [SetUp]
    public void Use() => _use = Engine.Use(TestEngines.Require(engine));

    [TearDown]
    public void Leave() => _use?.Dispose();
}
