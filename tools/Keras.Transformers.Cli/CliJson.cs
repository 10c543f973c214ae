using System.Text.Json.Serialization;

namespace Keras.Transformers.Cli;

/// <summary>The JSON document of an error.</summary>
sealed record ErrorDocument(ErrorDescription Error);

/// <param name="Type">The kind of error.</param>
/// <param name="Message">The same text as on the error stream.</param>
/// <param name="ExitCode">The exit code of the program.</param>
sealed record ErrorDescription(string Type, string Message, int ExitCode);

/// <summary>The JSON document of a generated text.</summary>
sealed record GeneratedDocument(string Prompt, string Text, double Seconds);

/// <summary>The JSON document of written or downloaded files.</summary>
sealed record PathDocument(string Path, int Files, long Bytes);

/// <summary>Every document of --json.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(GeneratedDocument))]
[JsonSerializable(typeof(WeightInspection))]
[JsonSerializable(typeof(WeightDifferences))]
[JsonSerializable(typeof(SystemReport))]
[JsonSerializable(typeof(TrainingResult))]
[JsonSerializable(typeof(EvaluationResult))]
[JsonSerializable(typeof(PredictionResult))]
[JsonSerializable(typeof(ExportResult))]
[JsonSerializable(typeof(ConversionResult))]
[JsonSerializable(typeof(BenchmarkResult))]
[JsonSerializable(typeof(CommitInfo))]
[JsonSerializable(typeof(PathDocument))]
sealed partial class CliJson : JsonSerializerContext;
