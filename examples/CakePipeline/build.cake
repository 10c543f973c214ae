// Trains a small BERT, refuses it below an accuracy, and publishes it as the next version folder that TensorFlow Serving takes.
//   dotnet cake examples/CakePipeline/build.cake [--target=Train|Check|Publish] [--at-least=0.8] [--output=FOLDER]
// Outside of this repository the first line is: #addin nuget:?package=Cake.Keras.Transformers&version=0.1.0&loaddependencies=true
#reference "../../artifacts/bin/Cake.Keras.Transformers/release/Cake.Keras.Transformers.dll"

var target = Argument("target", "Publish");
var atLeast = Argument("at-least", 0.8);
var output = MakeAbsolute(DirectoryPath.FromString(Argument("output", "../../artifacts/cake-pipeline"))).FullPath;
var model = $"{output}/model";

Task("Train")
    .Description("Fine-tunes models/bert-tiny on train.csv.")
    .Does(() => KerasTrain(new TrainingJob
    {
        Task = "text-classification",
        Model = "../../models/bert-tiny",
        Data = "train.csv",
        EvalSplit = "none",
        Output = model,
        Overwrite = true,
        Epochs = 12,
        BatchSize = 8,
        LearningRate = 1e-3,
        MaxLength = 32,
        CacheFolder = $"{output}/cache",
    }));

Task("Check")
    .Description("Fails the build where the model is right too seldom on test.csv.")
    .IsDependentOn("Train")
    .Does(() =>
    {
        var judged = KerasEvaluate(new EvaluationJob { Model = model, Data = "test.csv", CacheFolder = $"{output}/cache" });
        var accuracy = judged.Figures["accuracy"];
        if (accuracy < atLeast) throw new CakeException($"The model is right in {accuracy:P0} of {judged.Rows} rows, not in at least {atLeast:P0}");
        Information("accuracy {0:0.000} of {1} rows", accuracy, judged.Rows);
    });

Task("Publish")
    .Description("Exports the next version, which takes texts, and answers for test.csv.")
    .IsDependentOn("Check")
    .Does(() =>
    {
        var exported = KerasExport(new ExportJob { Model = model, Output = $"{output}/serving/animal-or-plant" });
        var answers = KerasPredict(new PredictionJob { Model = model, Data = "test.csv", Output = $"{output}/answers.csv", Overwrite = true });
        Information("published version {0} in {1}; answers for {2} rows in {3}", exported.Version, exported.Folder, answers.Rows, answers.Output);
    });

RunTarget(target);
