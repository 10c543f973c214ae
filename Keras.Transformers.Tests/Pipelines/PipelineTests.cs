using System.Runtime.CompilerServices;
using static Keras.Transformers.Pipelines;

namespace Keras.Transformers.Tests;

/// <summary>How pipelines are made and called.</summary>
sealed class PipelineTests : EngineFixture
{
    static readonly string[] Texts = ["the big cat", "John Smith lives in New York.", "a", "the dog lives in paris", "a happy 😀 cat 🙃 of 猫犬 and Straße"];

    static string Model(string name) => Path.Combine(GoldenFolder.PathOf("pipelines"), name);

    static readonly string Bert = Repository.PathOf("models", "bert-tiny");

    static readonly string Gpt2 = Repository.PathOf("models", "gpt2-tiny");

    [Test]
    public void A_task_without_a_model_takes_that_of_the_repository()
    {
        var fill = pipeline("fill-mask", top_k: 2);
        var words = fill.Apply("a tall [MASK] with green leaves");
        Assert.That(words.Select(w => w.token_str), Is.EqualTo(new[] { "tree", "shrub" }));
        Assert.That(fill, Is.InstanceOf<FillMaskPipeline>());
    }

    [Test]
    public void Outputs_are_read_by_property_by_key_and_as_JSON()
    {
        var outputs = pipeline("text-classification", Model("sequence")).Apply(Texts[0]);
        Assert.Multiple(() =>
        {
            Assert.That(outputs[0].label, Is.EqualTo("fair"));
            Assert.That(outputs[0]["label"], Is.EqualTo("fair"));
            Assert.That(outputs[0].ToString(), Does.StartWith("{\"label\":\"fair\",\"score\":0.512"));
            Assert.That(outputs.ToString(), Does.StartWith("[{\"label\""));
            Assert.That(outputs[0].Keys, Is.EqualTo(new[] { "label", "score" }));
        });
        var missing = Assert.Throws<KeyNotFoundException>(() => _ = outputs[0].answer)!;
        Assert.That(missing.Message, Does.Contain("label, score"));
    }

    [Test]
    public void A_pipeline_of_a_known_class_returns_outputs_of_a_known_class()
    {
        var answer = (QuestionAnsweringPipeline)pipeline("question-answering", Model("question"));
        var context = Texts[4];
        QuestionAnswer best = answer.Apply("Who is this?", context)[0];
        Assert.That(context[best.start..best.end], Is.EqualTo(best.answer));
        Assert.That(answer.Apply(question: "Who is this?", context: context, new() { top_k = 4 }), Has.Count.EqualTo(4));
    }

    [Test]
    public void A_call_may_say_otherwise_than_the_pipeline()
    {
        var classify = new TextClassificationPipeline(TFAutoModelForSequenceClassification.from_pretrained(Model("sequence")), AutoTokenizer.from_pretrained(Model("sequence")), options: new() { top_k = 2, function_to_apply = "none" });
        Assert.That(classify.Apply(Texts[0]), Has.Count.EqualTo(2));
        var all = classify.Apply(Texts[0], new() { top_k = 99, function_to_apply = "SOFTMAX" });
        Assert.That(all, Has.Count.EqualTo(3));
        Assert.That(all.Sum(l => l.score), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void No_inputs_give_no_outputs()
    {
        Assert.That(pipeline("fill-mask", Bert).Apply(Array.Empty<string>()), Is.Empty);
        Assert.That(pipeline("text-classification", Model("sequence")).Apply(""), Has.Count.EqualTo(1), "a text of nothing has special tokens");
        Assert.That(pipeline("ner", Model("token")).Apply(""), Is.Empty);
    }

    [Test]
    public async Task Inputs_are_read_when_their_batch_runs()
    {
        var (classify, read) = (pipeline("text-classification", Model("sequence"), batch_size: 2), 0);
        IEnumerable<PipelineInput> Endless()
        {
            while (true) yield return Texts[read++ % Texts.Length];
        }
        Assert.That(classify.Stream(Endless()).Take(3).Count(), Is.EqualTo(3));
        Assert.That(read, Is.EqualTo(4));

        async IAsyncEnumerable<PipelineInput> Arriving([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            foreach (var text in Texts)
            {
                await Task.Delay(1, cancellation);
                yield return text;
            }
        }
        var said = new List<string>();
        await foreach (var outputs in classify.StreamAsync(Arriving())) said.Add(outputs.ToString()!);
        Assert.That(said, Is.EqualTo(classify.Apply(Texts).Select(o => o.ToString())));

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => classify.Apply(Texts[0], cancellationToken: cancelled.Token));
        await Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in classify.StreamAsync(Arriving(), cancellationToken: cancelled.Token)) { }
        });
    }

    [Test]
    public void A_column_of_a_data_set_is_an_input()
    {
        var data = Dataset.from_dict(new Dictionary<string, object> { ["text"] = Texts[..2], ["other"] = Texts[2..4] });
        var classify = pipeline("sentiment-analysis", Model("sequence"), batch_size: 8);
        Assert.That(classify.Stream(data, "text").Select(o => o.ToString()), Is.EqualTo(classify.Apply(Texts[..2]).Select(o => o.ToString())));
        Assert.That(classify.Stream(data, "text", "other").First().ToString(), Is.EqualTo(classify.Apply([(Texts[0], Texts[2]), (Texts[1], Texts[3])])[0].ToString()));
        Assert.Throws<KeyNotFoundException>(() => classify.Stream(data, "texts").Count());
    }

    [Test]
    public void Many_threads_may_use_one_pipeline()
    {
        var classify = pipeline("text-classification", Model("sequence"));
        var alone = classify.Apply(Texts).Select(o => o[0].score).ToArray();
        var together = new float[64];
        Parallel.For(0, together.Length, i => together[i] = classify.Apply(Texts[i % Texts.Length])[0].score);
        Assert.That(together, Is.EqualTo(Enumerable.Range(0, 64).Select(i => alone[i % Texts.Length])).Within(1e-6));
    }

    [Test]
    public async Task Texts_are_streamed_as_they_are_written()
    {
        var write = (TextGenerationPipeline)pipeline("text-generation", Gpt2, max_new_tokens: 6, do_sample: false);
        var parts = new List<string>();
        await foreach (var part in write.StreamTextAsync("a large wild")) parts.Add(part);
        Assert.That("a large wild" + string.Concat(parts), Is.EqualTo(write.Apply("a large wild")[0].generated_text));
        Assert.That(write.Apply("", new() { max_new_tokens = 4 })[0].generated_text, Is.Not.Empty);
        Assert.That(write.Apply(["a", ""], new() { num_return_sequences = 2, do_sample = true, seed = 3 }).Select(o => o.Count), Is.All.EqualTo(2));
        Assert.Throws<ConfigException>(() => write.StreamTextAsync("a", new() { num_return_sequences = 2 }));
    }

    [Test]
    public void Sentences_are_compared_by_their_pooled_states()
    {
        var compare = (SentenceSimilarityPipeline)pipeline("sentence-similarity", Bert);
        var likeness = compare.Apply("a large wild cat", new() { sentences = ["a small wild cat", "the act of singing in public"] })[0].scores;
        Assert.That(likeness[0], Is.GreaterThan(likeness[1]));

        var extract = (FeatureExtractionPipeline)pipeline("feature-extraction", Bert, pooling: "mean", normalize: true, batch_size: 2);
        var rows = extract.Apply(["a large wild cat", "a small wild cat with stripes"]).Select(o => o[0].features.Single()).ToArray();
        Assert.That(rows[0].Sum(v => v * v), Is.EqualTo(1).Within(1e-5));
        Assert.That(((FeatureExtractionPipeline)pipeline("feature-extraction", Bert)).Apply("a large wild cat", new() { max_length = 4 })[0].features, Has.Length.EqualTo(4), "a length cuts off");
        Assert.That(rows[0], Is.EqualTo(extract.Apply("a large wild cat")[0].features.Single()).Within(1e-5f), "padding changes nothing");
    }

    [Test]
    public void Images_come_as_paths_bytes_streams_and_pictures()
    {
        var (classify, path) = (pipeline("image-classification", Model("image")), Path.Combine(GoldenFolder.PathOf("pipelines"), "RGB.png"));
        var expected = classify.Apply(path).ToString();
        using var stream = File.OpenRead(path);
        foreach (var input in new PipelineInput[] { File.ReadAllBytes(path), stream, Picture.Open(path) }) Assert.That(classify.Apply(input).ToString(), Is.EqualTo(expected));
        Assert.That(classify.Apply([path, path]).Select(o => o.ToString()), Is.All.EqualTo(expected));
    }

    [Test]
    public void An_image_comes_as_a_tensor_and_several_are_refused()
    {
        var classify = pipeline("image-classification", Model("image"));
        var file = Keras.Images.PngWriter.Write(Enumerable.Repeat((byte)77, 16 * 16 * 3).ToArray(), 16, 16, 3, 8, -1);
        Assert.That(classify.Apply(Api.ops.full(new Shape([16, 16, 3]), 77, dtype: "uint8")).ToString(), Is.EqualTo(classify.Apply(file).ToString()));
        Assert.That(() => classify.Apply(Api.ops.full(new Shape([2, 16, 16, 3]), 77, dtype: "uint8")), Throws.TypeOf<ValueRangeException>().With.Message.Contains("samples of three axes"));
    }
}
