namespace Keras.Transformers;

/// <summary>A task of jobs: its name on the hub, its columns and its model.</summary>
/// <param name="Name">"text-classification".</param>
/// <param name="Does">A description of what it does.</param>
/// <param name="Inputs">The columns that a prediction reads.</param>
/// <param name="Truth">The column that training and evaluation read too; null for none.</param>
/// <param name="Open">Loads the model.</param>
sealed record JobTask(string Name, string Does, ColumnRole[] Inputs, ColumnRole? Truth, Func<JobRequest, JobModel> Open)
{
    /// <summary>Reads the class names in a cell of the truth; null if there are none, or a <see cref="JobProblem"/> reads them.</summary>
    public Func<DatasetValue, IEnumerable<string>>? Classes { get; init; }

    /// <summary>Whether its labels may also be several classes or numbers.</summary>
    public bool HasProblems => Truth == ColumnRole.Label;

    /// <summary>Whether it gives ranked answers, of which there may be several.</summary>
    public bool IsRanked => Name is not ("token-classification" or "text-generation");

    public static readonly JobTask[] All =
    [
        new("text-classification", "which class a text is of", [ColumnRole.Text, ColumnRole.Pair], ColumnRole.Label, r => new TextClassification(r)),
        new("token-classification", "which class each word is of", [ColumnRole.Words], ColumnRole.Tags, r => new TokenClassification(r)) { Classes = TokenClassification.Tags },
        new("question-answering", "where in a text the answer stands", [ColumnRole.Question, ColumnRole.Context], ColumnRole.Answer, r => new QuestionAnswering(r)),
        new("text-generation", "which token comes next", [ColumnRole.Text], null, r => new CausalLanguageModeling(r)),
        new("fill-mask", "which token is hidden", [ColumnRole.Text], null, r => new MaskedLanguageModeling(r)),
        new("image-classification", "which class an image is of", [ColumnRole.Image], ColumnRole.Label, r => new ImageClassification(r)),
    ];

    public IEnumerable<ColumnRole> Columns(bool withTruth) => withTruth && Truth is not null ? Inputs.Append(Truth) : Inputs;

    /// <summary>Finds a task by name.</summary>
    /// <exception cref="JobOptionException">There is no such task.</exception>
    public static JobTask Of(string? name) => Array.Find(All, t => t.Name == name) ?? throw JobOptionException.Unknown("Task", "There is no such task", name, All.Select(t => t.Name));

    /// <summary>The task with the given name, otherwise the one the model was saved for.</summary>
    /// <exception cref="JobOptionException">The model belongs to no task that jobs support.</exception>
    public static JobTask Of(string? name, string model)
    {
        if (name is not null) return Of(name);
        var classes = AutoConfig.from_pretrained(model).Architectures;
        return All.FirstOrDefault(t => classes.Any(c => CardTasks.OfClass(c) == t.Name))
            ?? throw new JobOptionException("Task", "What the model does does not follow from its configuration", $"one of {Known.List(All.Select(t => t.Name))}", $"architectures: {Known.List(classes)}", "Name the task.");
    }
}
