namespace Keras.Transformers;

/// <summary>The hub's names of tasks, and the model heads that do them.</summary>
static class CardTasks
{
    static readonly (string Head, string Task, string Name)[] All =
    [
        ("ForSequenceClassification", "text-classification", "Text Classification"), ("ForTokenClassification", "token-classification", "Token Classification"),
        ("ForQuestionAnswering", "question-answering", "Question Answering"), ("ForMaskedLM", "fill-mask", "Masked Language Modeling"), ("ForCausalLM", "text-generation", "Causal Language Modeling"),
        ("LMHeadModel", "text-generation", "Causal Language Modeling"), ("ForMultipleChoice", "multiple-choice", "Multiple Choice"), ("ForImageClassification", "image-classification", "Image Classification"),
        ("VisionEncoderDecoderModel", "image-to-text", "Image to Text"), ("EncoderDecoderModel", "text2text-generation", "Sequence-to-sequence Language Modeling"), ("ForSeq2SeqLM", "text2text-generation", "Sequence-to-sequence Language Modeling"),
        ("", "summarization", "Summarization"), ("", "translation", "Translation"), ("", "feature-extraction", "Feature Extraction"), ("", "sentence-similarity", "Sentence Similarity"),
    ];

    /// <summary>The task of a model class; null if the hub has none for it.</summary>
    public static string? OfClass(string name) => All.FirstOrDefault(t => t.Head.Length > 0 && name.EndsWith(t.Head, StringComparison.Ordinal)).Task;

    /// <summary>A task's display name.</summary>
    public static string NameOf(string task) => All.FirstOrDefault(t => t.Task == task).Name ?? task;
}
