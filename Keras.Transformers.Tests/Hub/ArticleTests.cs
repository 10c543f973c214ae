using Keras.Layers;
using Keras.Optimizers;
using static Keras.Api;
using static Keras.Transformers.Datasets;

namespace Keras.Transformers.Tests.Hub;

/// <summary>The code of Hugging Face's article on the philosophy of its TensorFlow library, block by block and in its order, on small models under the article's names.</summary>
/// <remarks>https://huggingface.co/blog/tensorflow-philosophy. Where its text has lost a line, the line is the one that the sentences around it describe.</remarks>
public sealed class ArticleTests : HubFixture
{
    [OneTimeSetUp]
    public void Publish()
    {
        EngineFixture.SkipWithoutEngine();
        HubPages.AddModels(Hub);
    }

    [SetUp]
    public void PublishData()
    {
        Set("HF_TOKEN", Token);
        if (Hub.Repositories.Moved.ContainsKey("glue")) return;
        HubPages.AddGlue(Hub);
    }

    [Test]
    public void A_model_by_name()
    {
        var model = TFAutoModel.from_pretrained("bert-base-cased");

        Assert.That(model, Is.InstanceOf<TFBertModel>());
    }

    [Test]
    public void Another_class_puts_a_head_on_it()
    {
        var model_name = "google/vit-base-patch16-224";
        var model = TFAutoModelForImageClassification.from_pretrained(model_name);

        Assert.That(model, Is.InstanceOf<TFViTForImageClassification>());
    }

    [Test]
    public void A_tokenizer_that_matches_the_model()
    {
        // Make sure to always load a matching tokenizer and model!
        var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
        var model = TFAutoModel.from_pretrained("bert-base-cased");

        // Let's load some data and tokenize it
        string[] test_strings = ["This is a sentence!", "This is another one!"];
        var tokenized_inputs = tokenizer.Apply(test_strings, return_tensors: "np", padding: true);

        // Now our data is tokenized, we can pass it to our model, or use it in fit()!
        var outputs = model.Apply(tokenized_inputs);

        Assert.That(((Tensor)outputs["last_hidden_state"]).shape[0], Is.EqualTo(2));
    }

    /// <summary>Data that is "already prepared and tokenized".</summary>
    static (BatchEncoding Data, int[] Labels) My() => (AutoTokenizer.from_pretrained("bert-base-cased").Apply(["good", "bad", "fine", "awful"], padding: true), [1, 0, 1, 0]);

    [Test]
    public void Models_are_Keras_models()
    {
        var (my_data, my_labels) = My();

        var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased");
        var predictions = model.predict(my_data, verbose: 0);

        Assert.That(((Tensor)predictions["logits"]).shape[0], Is.EqualTo(4));

        model.compile(optimizer: "adam");
        Assert.That(model.fit(my_data, my_labels, verbose: 0).history["loss"][0], Is.Positive);
    }

    sealed class HybridVisionLanguageModel : Model
    {
        readonly TFPreTrainedModel language = TFAutoModel.from_pretrained("gpt2");
        readonly TFPreTrainedModel vision = TFAutoModel.from_pretrained("google/vit-base-patch16-224");
        readonly Dense head = new(1);

        public override Tensors call(Tensors inputs, bool training = false)
        {
            // The article's box is too short for its idea; this one fits.
            var words = language.Apply(inputs["text"], training: training).last_hidden_state[.., -1];
            var picture = vision.Apply(inputs["image"], training: training).last_hidden_state[.., 0];
            return head.Apply(ops.concatenate([words, picture], axis: -1));
        }
    }

    [Test]
    public void Models_are_layers_of_other_models()
    {
        var model = new HybridVisionLanguageModel();
        var text = AutoTokenizer.from_pretrained("gpt2").Apply(["a digit"], return_tensors: "tf");
        Tensors image = AutoImageProcessor.from_pretrained("google/vit-base-patch16-224").Apply(Repository.PathOf("models", "vit-tiny", "example.png"), return_tensors: "tf");
        var output = model.Apply(new Dictionary<string, Tensors> { ["text"] = text, ["image"] = image });

        Assert.That(output.Single.shape.ToString(), Is.EqualTo("(1, 1)"));
    }

    [Test]
    public void A_loss_is_there_unless_one_is_given()
    {
        var my_data = AutoTokenizer.from_pretrained("bert-base-cased").Apply(["who is it", "what is it"], ["it is me", "it is tea"], padding: true);
        Dictionary<string, Tensors> my_labels = new() { ["start_positions"] = ops.array(new[] { 1, 2 }), ["end_positions"] = ops.array(new[] { 2, 3 }) };

        var model = TFAutoModelForQuestionAnswering.from_pretrained("bert-base-cased");
        model.compile(optimizer: "adam");  // No loss argument!
        var history = model.fit(my_data, my_labels, verbose: 0);

        Assert.That(history.history["loss"][0], Is.Positive);
    }

    [Test]
    public void Labels_may_come_either_way()
    {
        var (my_data, my_labels) = My();
        var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased");
        model.compile(optimizer: keras.optimizers.SGD(0));

        var separate = model.evaluate(my_data, my_labels, verbose: 0);
        Dictionary<string, Tensors> with_labels = ((Tensors)my_data).Named().ToDictionary(d => d.Key, d => d.Value);
        with_labels["labels"] = ops.array(my_labels);
        var inside = model.evaluate(with_labels, verbose: 0);

        Assert.That(inside["loss"], Is.EqualTo(separate["loss"]).Within(1e-5));
    }

    [Test]
    public void A_data_set_of_the_hub_as_arrays()
    {
        var dataset = load_dataset("glue", "cola")["train"];  // Simple text classification dataset; just take the training split for now

        // Load our tokenizer and tokenize our data
        var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
        string[] sentences = dataset["sentence"];
        var tokenized_data = tokenizer.Apply(sentences, return_tensors: "np", padding: true);
        int[] labels = dataset["label"];  // Label is already an array of 0 and 1

        // Load and compile our model
        var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased");
        // Lower learning rates are often better for fine-tuning transformers
        model.compile(optimizer: new Adam(3e-5));
        var history = model.fit(tokenized_data, labels, verbose: 0);

        Assert.That(history.history["loss"][0], Is.Positive);
        Assert.That(((ClassLabel)dataset.features["label"]).names, Is.EqualTo(new[] { "unacceptable", "acceptable" }));
    }

    [Test]
    public void A_data_set_of_the_hub_that_streams_into_training()
    {
        var dataset = load_dataset("glue", "cola", split: "train");
        var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
        var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased");

        // Keys of the returned dictionary will be added to the dataset as columns
        dataset = dataset.map(data => tokenizer.Apply(data["sentence"]), batched: true);

        var tf_dataset = model.prepare_tf_dataset(dataset, batch_size: 2, shuffle: true, tokenizer: tokenizer);

        model.compile(optimizer: new Adam(3e-5));
        Assert.That(model.fit(tf_dataset, verbose: 0).history["loss"][0], Is.Positive);
    }

    [Test]
    public void XLA_is_an_argument_of_compile()
    {
        var (my_data, my_labels) = My();
        var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased");

        model.compile(optimizer: "adam", jit_compile: true);

        Assert.That(model.fit(my_data, my_labels, verbose: 0).history["loss"][0], Is.Positive);
    }

    sealed class EndToEndModel(string checkpoint) : Model
    {
        readonly TFBertTokenizer tokenizer = TFBertTokenizer.from_pretrained(checkpoint);
        readonly TFPreTrainedModel model = TFAutoModel.from_pretrained(checkpoint);

        public override Tensors call(Tensors inputs, bool training = false)
        {
            var tokenized = tokenizer.Apply(inputs);
            return model.Apply(tokenized, training: training);
        }
    }

    [Test]
    public void A_model_that_takes_strings()
    {
        var model = new EndToEndModel(checkpoint: "bert-base-cased");

        string[] test_inputs =
        [
            "This is a test sentence!",
            "This is another one!",
        ];
        var outputs = model.predict(test_inputs, verbose: 0);  // Pass strings straight to model!

        Assert.That(((Tensor)outputs["last_hidden_state"]).shape[0], Is.EqualTo(2));
    }

    [Test]
    public void A_trained_model_goes_to_the_hub_and_comes_back_by_its_name()
    {
        Tensors my_data = AutoImageProcessor.from_pretrained("google/vit-base-patch16-224").Apply(Repository.PathOf("models", "vit-tiny", "example.png"), return_tensors: "tf");
        int[] my_labels = [3];

        var model_name = "google/vit-base-patch16-224";
        var model = TFAutoModelForImageClassification.from_pretrained(model_name);
        model.compile(optimizer: new Adam(1e-4));
        model.fit(my_data, my_labels, verbose: 0);
        model.push_to_hub("my-new-model");

        model_name = "tester/my-new-model";
        var again = TFAutoModelForImageClassification.from_pretrained(model_name);

        Assert.That(((Tensor)again.predict(my_data, verbose: 0)["logits"]).ToArray<float>(), Is.EqualTo(((Tensor)model.predict(my_data, verbose: 0)["logits"]).ToArray<float>()).Within(1e-5f));
    }
}
