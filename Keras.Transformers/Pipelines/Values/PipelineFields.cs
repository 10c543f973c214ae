namespace Keras.Transformers;

/// <summary>The fields that outputs of pipelines have, for outputs whose class is not known: those of the pipelines that <see cref="Pipelines.pipeline"/> makes by name.</summary>
public static class PipelineFields
{
    /// <summary>A field by its name.</summary>
    /// <param name="output">What a pipeline returned.</param>
    extension(PipelineOutput output)
    {
        /// <summary>The name of a class.</summary>
        /// <exception cref="KeyNotFoundException">The output has none; so too for the fields below.</exception>
        public string label => Get<string>(output, "label");

        /// <summary>How probable it is.</summary>
        public float score => Get<float>(output, "score");

        /// <summary>The tag of a token.</summary>
        public string entity => Get<string>(output, "entity");

        /// <summary>The kind of an entity.</summary>
        public string entity_group => Get<string>(output, "entity_group");

        /// <summary>How a token or an entity reads.</summary>
        public string word => Get<string>(output, "word");

        /// <summary>The number of a token.</summary>
        public int index => Get<int>(output, "index");

        /// <summary>The first UTF-16 unit in the text.</summary>
        public int start => Get<int>(output, "start");

        /// <summary>One more than the last UTF-16 unit in the text.</summary>
        public int end => Get<int>(output, "end");

        /// <summary>An answer.</summary>
        public string answer => Get<string>(output, "answer");

        /// <summary>The id of a token.</summary>
        public int token => Get<int>(output, "token");

        /// <summary>The text of a token.</summary>
        public string token_str => Get<string>(output, "token_str");

        /// <summary>A text that was classified, or that a mask was filled in.</summary>
        public string sequence => Get<string>(output, "sequence");

        /// <summary>Labels, the most probable first.</summary>
        public IReadOnlyList<string> labels => Get<IReadOnlyList<string>>(output, "labels");

        /// <summary>The probabilities of labels, or likenesses.</summary>
        public IReadOnlyList<float> scores => Get<IReadOnlyList<float>>(output, "scores");

        /// <summary>A text that a model wrote.</summary>
        public string generated_text => Get<string>(output, "generated_text");

        /// <summary>Rows of features.</summary>
        public float[][] features => Get<float[][]>(output, "features");
    }

    static T Get<T>(PipelineOutput output, string field) => (T)(output ?? throw new ArgumentNullException(nameof(output)))[field]!;
}
