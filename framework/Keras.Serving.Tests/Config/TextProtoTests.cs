namespace Keras.Serving.Tests;

public sealed class TextProtoTests
{
    [Test]
    public void AListOfModelsIsRead()
    {
        const string text = """
            # two models
            model_config_list: {
              config {
                name: "a" 'b';  base_path: '/models/a\x62\143\t\u00e4\"'
                model_platform: "tensorflow"
                model_version_policy { specific { versions: 1, versions: 0x2A } }
                version_labels { key: "stable" value: 1 }
                version_labels: { key: 'canary', value: 42 },
              }
              config < name: "all" base_path: "/all" model_version_policy: < all: {} > model_type: TENSORFLOW >
              config: [ { name: "n" base_path: "/n" model_version_policy { latest { num_versions: 3 } } }, { name: "one" base_path: "/one" } ]
            }
            """;
        var configs = ModelConfigText.Parse(text, "models.config");
        Assert.That(configs.Select(c => (c.Name, c.BasePath)), Is.EqualTo(new[] { ("ab", "/models/abc\tä\""), ("all", "/all"), ("n", "/n"), ("one", "/one") }));
        Assert.That(configs[0].Policy.Specific, Is.EqualTo([1L, 42L]));
        Assert.That(configs[0].VersionLabels, Is.EquivalentTo(new Dictionary<string, long> { ["stable"] = 1, ["canary"] = 42 }));
        Assert.That(configs.Skip(1).Select(c => c.Policy), Is.EqualTo([VersionPolicy.All, new VersionPolicy(Latest: 3), VersionPolicy.Newest]));
    }

    [Test]
    public void BatchingParametersAreRead()
    {
        const string text = """
            max_batch_size { value: 32 } batch_timeout_micros: { value: 5000 } # so long
            max_enqueued_batches < value: 0144 >
            num_batch_threads { value: 4 }
            thread_pool_name { value: 'pool' }
            allowed_batch_sizes: 8 allowed_batch_sizes: [16, 32]
            pad_variable_length_inputs: true
            enable_large_batch_splitting { value: True }
            max_execution_batch_size { value: 16 }
            """;
        var parameters = BatchingText.Parse(text, "batching.config");
        Assert.That((parameters.MaxBatchSize, parameters.BatchTimeoutMicros, parameters.MaxEnqueuedBatches, parameters.NumBatchThreads), Is.EqualTo((32L, 5000L, 100L, 4L)));
        Assert.That((parameters.ThreadPoolName, parameters.PadVariableLengthInputs, parameters.EnableLargeBatchSplitting, parameters.MaxExecutionBatchSize), Is.EqualTo(("pool", true, true, 16L)));
        Assert.That(parameters.AllowedBatchSizes, Is.EqualTo([8, 16, 32]));
    }

    [TestCase("", 1, 1, "No models")]
    [TestCase("model_config_list {\n  config {\n    nam: 'a'\n  }\n}", 3, 5, "ModelConfig has no such field")]
    [TestCase("model_config_list {\n  config { name: 'a' name: 'b' } }", 2, 22, "A field stands twice")]
    [TestCase("model_config_list {", 1, 20, "name is missing")]
    [TestCase("model_config_list { config { name: 'a\n' } }", 1, 36, "not closed")]
    [TestCase("model_config_list { config { name: 'a\\q' } }", 1, 38, "escape")]
    [TestCase("model_config_list { config { name: a } }", 1, 36, "takes a text")]
    [TestCase("model_config_list { config { name 'a' } }", 1, 35, "takes a value")]
    [TestCase("model_config_list { config { model_type: CAFFE } }", 1, 42, "no such value")]
    [TestCase("model_config_list { config { version_labels { key: 'a' } } }", 1, 45, "not complete")]
    [TestCase("model_config_list { config { version_labels { key: 'a' value: 99999999999999999999 } } }", 1, 63, "whole number")]
    [TestCase("model_config_list { config { model_version_policy { latest { num_versions: -1 } } } }", 1, 77, "out of range")]
    [TestCase("model_config_list { config { model_version_policy { latest {} all {} } } }", 1, 63, "Only one field of policy_choice")]
    [TestCase("model_config_list { config { name: '\\xff' } }", 1, 36, "UTF-8")]
    [TestCase("model_config_list [ ]", 1, 19, "is missing")]
    public void AMistakeIsNamedWithItsPlace(string text, int line, int column, string what)
    {
        var error = Assert.Throws<FileFormatException>(() => ModelConfigText.Parse(text, "models.config"))!;
        Assert.That(error.Message, Does.Contain(what));
        if (text.Length > 0) Assert.That(error.Where, Is.EqualTo($"models.config, line {line}, column {column}"));
    }

    [Test]
    public void NestingIsBounded() =>
        Assert.That(Assert.Throws<FileFormatException>(() => TextProto.Parse<SavedModelProtos.StructuredValue>(string.Concat(Enumerable.Repeat("list_value { values {", 40_000)), "deep"))!.Message, Does.Contain("too deeply"));

    [Test]
    public void TwoModelsOfOneNameAreRefused() =>
        Assert.That(Assert.Throws<ServingException>(() => ModelConfigText.Parse("model_config_list { config { name: 'a' base_path: '/a' } config { name: 'a' base_path: '/b' } }", "x"))!.Message, Does.Contain("multiple times"));
}
