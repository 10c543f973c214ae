namespace Keras.Transformers.Tests;

public sealed class BatchEncodingTests
{
    readonly BertTokenizerFast _tokenizer = TinyBert.Load();

    [Test]
    public void Rectangular_columns_are_tensors_without_a_copy()
    {
        var encoding = _tokenizer.Apply(["a", "a b"], padding: true, return_offsets_mapping: true);
        var arrays = encoding.ToArrays();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(arrays["input_ids"].Values, Is.SameAs(encoding["input_ids"].Values));
            Assert.That(arrays["input_ids"].Values, Is.EqualTo(new[] { 2, 8, 3, 0, 2, 8, 9, 3 }));
            Assert.That(arrays["input_ids"].Shape, Is.EqualTo(new Shape(2, 4)));
            Assert.That(arrays["attention_mask"].Values, Is.EqualTo(new[] { 1, 1, 1, 0, 1, 1, 1, 1 }));
            Assert.That(arrays["offset_mapping"].Shape, Is.EqualTo(new Shape(2, 4, 2)));
            Assert.That(_tokenizer.Apply("a").ToArrays()["input_ids"].Shape, Is.EqualTo(new Shape(3)));
        }
    }

    [Test]
    public void A_missing_column_is_an_error_that_lists_the_others() =>
        Assert.That(() => _tokenizer.Apply("a")["ids"], Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("attention_mask"));

    [Test]
    public void Columns_can_be_added()
    {
        var encoding = _tokenizer.Apply(["a", "b"]);
        encoding["labels"] = new[] { 1, 0 };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(encoding["labels"].Shape, Is.EqualTo(new Shape(2)));
            Assert.That(encoding.Keys, Is.EqualTo(new[] { "input_ids", "token_type_ids", "attention_mask", "labels" }));
        }
    }

    [Test]
    public void Examples_are_stacked_with_their_labels()
    {
        var examples = new[] { "a b", "c" }.Select((t, i) =>
        {
            var example = _tokenizer.Apply(t);
            example["label"] = i + 0.5f;
            return example;
        });
        var batch = _tokenizer.pad(examples, pad_to_multiple_of: 8, return_tensors: "np");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(batch["input_ids"].Values, Is.EqualTo(new long[] { 2, 8, 9, 3, 0, 0, 0, 0, 2, 10, 3, 0, 0, 0, 0, 0 }));
            Assert.That(batch["label"].Values, Is.EqualTo(new[] { 0.5f, 1.5f }));
            Assert.That(batch["label"].DType, Is.EqualTo(DType.Float32));
            Assert.That(() => batch.tokens(), Throws.InvalidOperationException);
        }
    }

    [Test]
    public void Examples_that_do_not_fit_are_refused()
    {
        Dictionary<string, BatchColumn> Example(BatchColumn label) => new() { ["input_ids"] = new[] { 2, 3 }, ["label"] = label };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => _tokenizer.pad([Example(1), Example(1.5f)]), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("label"));
            Assert.That(() => _tokenizer.pad([Example(1), new Dictionary<string, BatchColumn> { ["input_ids"] = new[] { 2 } }]), Throws.ArgumentException.With.Message.Contains("label"));
            Assert.That(() => _tokenizer.pad(new Dictionary<string, BatchColumn> { ["input_ids"] = new[] { new[] { 1 }, [2] }, ["x"] = new[] { 1 } }), Throws.InstanceOf<ShapeMismatchException>());
        }
    }

    [Test]
    public void Overflow_keeps_its_places_in_the_text()
    {
        const string Text = "a b c d, hello";
        var encoding = _tokenizer.Apply(Text, truncation: true, max_length: 4, stride: 1, return_overflowing_tokens: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(encoding["overflow_to_sample_mapping"].Values, Is.EqualTo(new int[5]));
            Assert.That(encoding.encodings.Select(e => string.Join(' ', e.tokens)), Is.EqualTo(new[]
            {
                "[CLS] a b [SEP]", "[CLS] b c [SEP]", "[CLS] c d [SEP]", "[CLS] d , [SEP]", "[CLS] , hello [SEP]",
            }));
            Assert.That(encoding.char_to_token(4, Text.IndexOf('h')), Is.EqualTo(2));
            Assert.That(encoding.char_to_token(0, Text.IndexOf('h')), Is.Null);
            Assert.That(encoding.word_to_tokens(3, 4), Is.EqualTo(new TokenSpan(2, 3)));
        }
    }
}
