using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>A larger BERT's outputs for a text: its last states, token by token, and their mean, scaled to length 1.</summary>
sealed record Lesson(float[] States, float[] Sentence);

/// <summary>A larger BERT, run on texts in the student's tokens, all of which it knows.</summary>
sealed class Teacher
{
    readonly TFBertModel model;
    readonly int[] _ids;

    /// <param name="folder">The teacher's folder.</param>
    /// <param name="student">The student's tokenizer, whose pieces are a subset of the teacher's.</param>
    public Teacher(string folder, PreTrainedTokenizerBase student)
    {
        var own = AutoTokenizer.from_pretrained(folder);
        _ids = [.. student.get_vocab().OrderBy(v => v.Value).Select(v => own.convert_tokens_to_ids(v.Key))];
        model = TFBertModel.from_pretrained(folder);
        model.compile();   // one pass over the texts: too few steps for XLA to pay for itself
    }

    public int Width => model.config.hidden_size;

    /// <summary>The vectors of the student's words, (V, width): the teacher's, projected onto their principal components.</summary>
    public Tensor Words(int width)
    {
        var words = ops.take(model.get_input_embeddings(), _ids, axis: 0);
        words -= ops.mean(words, axis: 0, keepdims: true);
        var (_, directions) = ops.eigh(ops.matmul(ops.transpose(words), words));
        return ops.matmul(words, directions[.., (Width - width)..]);
    }

    /// <summary>Makes lessons for texts, given as rows of the student's ids.</summary>
    public Lesson[] Teach(int[][] rows)
    {
        var lessons = new Lesson[rows.Length];
        foreach (var chunk in Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Length).Chunk(64))
        {
            var length = rows[chunk[^1]].Length;
            var (ids, mask) = (new int[chunk.Length, length], new int[chunk.Length, length]);
            foreach (var (r, i) in chunk.Index())
                foreach (var (t, id) in rows[i].Index()) (ids[r, t], mask[r, t]) = (_ids[id], 1);
            var outputs = model.predict_on_batch(new Dictionary<string, Tensors> { ["input_ids"] = ids, ["attention_mask"] = mask });
            var states = outputs["last_hidden_state"].Single.ToArray<float>();
            foreach (var (r, i) in chunk.Index()) lessons[i] = LessonOf(states.AsSpan(r * length * Width, rows[i].Length * Width));
        }
        return lessons;
    }

    Lesson LessonOf(ReadOnlySpan<float> states)
    {
        var sum = new float[Width];
        for (var i = 0; i < states.Length; i++) sum[i % Width] += states[i];
        var norm = MathF.Sqrt(sum.Sum(v => v * v));
        return new(states.ToArray(), [.. sum.Select(v => v / norm)]);
    }
}
