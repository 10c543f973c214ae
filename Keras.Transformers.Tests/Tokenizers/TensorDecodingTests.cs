namespace Keras.Transformers.Tests.Tokenizers;

/// <summary>Tokenizers make texts of what models return.</summary>
sealed class TensorDecodingTests : EngineFixture
{
    [Test]
    public void Rows_of_ids_are_texts_as_arrays_of_them_are([Values("int32", "int64")] string dtype)
    {
        var tokenizer = TinyBert.Load();
        int[] ids = [.. tokenizer.encode("hello worlds")];
        var rows = Api.ops.cast(Api.ops.stack((Tensor[])[ids, ids], 0), dtype);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.batch_decode(rows, skip_special_tokens: true), Is.EqualTo(new[] { "hello worlds", "hello worlds" }));
            Assert.That(tokenizer.batch_decode(new GenerateOutput { sequences = rows }, skip_special_tokens: true), Is.EqualTo(new[] { "hello worlds", "hello worlds" }));
            Assert.That(tokenizer.decode(rows[0], skip_special_tokens: true), Is.EqualTo("hello worlds"));
            Assert.That(tokenizer.decode([.. ids]), Is.EqualTo(tokenizer.decode(rows[1])));
        });
    }

    [Test]
    public void What_is_no_row_of_ids_is_refused()
    {
        var tokenizer = TinyBert.Load();
        Assert.Multiple(() =>
        {
            Assert.That(() => tokenizer.decode(Api.ops.zeros((2, 3), "int32")), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("batch_decode"));
            Assert.That(() => tokenizer.batch_decode((Tensor)new[] { 1, 2 }), Throws.TypeOf<ShapeMismatchException>());
            Assert.That(() => tokenizer.batch_decode(Api.ops.zeros((2, 3))), Throws.TypeOf<DTypeMismatchException>());
            Assert.That(() => tokenizer.decode((Tensor)new[] { -1 }), Throws.TypeOf<ValueRangeException>());
        });
    }
}
