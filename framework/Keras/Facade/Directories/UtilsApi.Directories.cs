using Keras.Data;

namespace Keras;

public sealed partial class UtilsApi
{
    static bool Inferred(string? labels) => Known.OneOf(labels, nameof(labels), "inferred", null) is not null;

    /// <summary>Makes a data pipeline of the text files in a folder: whole texts as strings, labelled by their subfolders.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="labels">"inferred" if each class has a folder with its name (default); null for no labels.</param>
    /// <param name="label_mode">"int" for int32 (default), "categorical" for one-hot float32, "binary" for 0 or 1 as float32 (1), null for no labels: then the whole folder is read.</param>
    /// <param name="class_names">With inferred labels, the folders to read, in the order of their class numbers; default all, by name.</param>
    /// <param name="batch_size">The number of files in a batch; null for single ones. Default 32.</param>
    /// <param name="max_length">The maximum number of bytes to read from a text, without splitting UTF-8 characters; default all.</param>
    /// <param name="shuffle">Whether files come in random order, a new one each time; default true.</param>
    /// <param name="seed">Makes the order repeatable; default drawn from the global seed.</param>
    /// <param name="validation_split">The share of the files to use for validation; needs subset.</param>
    /// <param name="subset">"training", "validation", or "both": then <c>var (training, validation) = ...</c> takes both.</param>
    /// <param name="follow_links">Whether folders that are links are entered; default false.</param>
    /// <param name="verbose">Whether the numbers of files and classes are printed; default true.</param>
    /// <returns>Batches of x, or (x, y) if there are labels; see <c>class_names</c> and <c>file_paths</c>.</returns>
    /// <exception cref="ArgumentException">Arguments do not go together.</exception>
    /// <exception cref="IOException">The folder does not exist, or has no readable file.</exception>
    /// <exception cref="FileFormatException">While walking: a file is not what its name says; the message has its path.</exception>
    /// <remarks>Files are shuffled by .NET's generator: a seed gives the same order each time, but not Python's. Source: keras/src/utils/text_dataset_utils.py.</remarks>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public DataPipeline text_dataset_from_directory(string directory, string? labels = "inferred", string? label_mode = "int", IReadOnlyList<string>? class_names = null, int? batch_size = 32,
        int? max_length = null, bool shuffle = true, int? seed = null, double? validation_split = null, string? subset = null, bool follow_links = false, bool verbose = true)
    {
        if (max_length is { } length) Require.Count(1, length, nameof(max_length));
        var index = new DirectoryIndex(new(directory, ".txt")
        {
            AreInferred = Inferred(labels) && label_mode is not null, LabelMode = label_mode, ClassNames = class_names, BatchSize = batch_size, Shuffle = shuffle, Seed = seed, ValidationSplit = validation_split, Subset = subset, FollowLinks = follow_links, Verbose = verbose,
        });
        return index.Read(path => ReadText(path, max_length));
    }

    /// <summary>Makes a data pipeline of the text files in a folder: whole texts as strings, labelled by their subfolders.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="labels">The label of each file, folder by folder in the order of the folders' paths, those of a folder by name.</param>
    /// <param name="label_mode">"int" for int32 (default), "categorical" for one-hot float32, "binary" for 0 or 1 as float32 (1), null for no labels.</param>
    /// <param name="batch_size">The number of files in a batch; null for single ones. Default 32.</param>
    /// <param name="max_length">The maximum number of bytes to read from a text, without splitting UTF-8 characters; default all.</param>
    /// <param name="shuffle">Whether files come in random order, a new one each time; default true.</param>
    /// <param name="seed">Makes the order repeatable; default drawn from the global seed.</param>
    /// <param name="validation_split">The share of the files to use for validation; needs subset.</param>
    /// <param name="subset">"training", "validation", or "both": then <c>var (training, validation) = ...</c> takes both.</param>
    /// <param name="follow_links">Whether folders that are links are entered; default false.</param>
    /// <param name="verbose">Whether the numbers of files and classes are printed; default true.</param>
    /// <returns>Batches of x, or (x, y) if there are labels; see <c>class_names</c> and <c>file_paths</c>.</returns>
    /// <exception cref="ArgumentException">Arguments do not go together.</exception>
    /// <exception cref="IOException">The folder does not exist, or has no readable file.</exception>
    /// <exception cref="FileFormatException">While walking: a file is not what its name says; the message has its path.</exception>
    /// <remarks>Files are shuffled by .NET's generator: a seed gives the same order each time, but not Python's. Source: keras/src/utils/text_dataset_utils.py.</remarks>
    public DataPipeline text_dataset_from_directory(string directory, IReadOnlyList<int> labels, string? label_mode = "int", int? batch_size = 32, int? max_length = null, bool shuffle = true,
        int? seed = null, double? validation_split = null, string? subset = null, bool follow_links = false, bool verbose = true)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (max_length is { } length) Require.Count(1, length, nameof(max_length));
        var index = new DirectoryIndex(new(directory, ".txt")
        {
            Labels = labels, LabelMode = label_mode, BatchSize = batch_size, Shuffle = shuffle, Seed = seed, ValidationSplit = validation_split, Subset = subset, FollowLinks = follow_links, Verbose = verbose,
        });
        return index.Read(path => ReadText(path, max_length));
    }

    /// <summary>Makes a data pipeline of the image files in a folder: resized, float32 (H, W, C), from 0 to 255, labelled by their subfolders.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="labels">"inferred" if each class has a folder with its name (default); null for no labels.</param>
    /// <param name="label_mode">"int" for int32 (default), "categorical" for one-hot float32, "binary" for 0 or 1 as float32 (1), null for no labels: then the whole folder is read.</param>
    /// <param name="class_names">With inferred labels, the folders to read, in the order of their class numbers; default all, by name.</param>
    /// <param name="color_mode">"rgb" (default), "rgba" or "grayscale".</param>
    /// <param name="batch_size">The number of files in a batch; null for single ones. Default 32.</param>
    /// <param name="image_size">Height and width, or one number for both; default 256.</param>
    /// <param name="shuffle">Whether files come in random order, a new one each time; default true.</param>
    /// <param name="seed">Makes the order repeatable; default drawn from the global seed.</param>
    /// <param name="validation_split">The share of the files to use for validation; needs subset.</param>
    /// <param name="subset">"training", "validation", or "both": then <c>var (training, validation) = ...</c> takes both.</param>
    /// <param name="interpolation">"bilinear" (default), "nearest" (which keeps uint8), "bicubic", "lanczos3" or "lanczos5".</param>
    /// <param name="follow_links">Whether folders that are links are entered; default false.</param>
    /// <param name="crop_to_aspect_ratio">Whether to crop the middle of each image to the aspect ratio of the target; default false.</param>
    /// <param name="pad_to_aspect_ratio">Whether to pad each image with 0 to the aspect ratio of the target; default false.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="verbose">Whether the numbers of files and classes are printed; default true.</param>
    /// <returns>Batches of x, or (x, y) if there are labels; see <c>class_names</c> and <c>file_paths</c>.</returns>
    /// <exception cref="ArgumentException">Arguments do not go together.</exception>
    /// <exception cref="IOException">The folder does not exist, or has no readable file.</exception>
    /// <exception cref="FileFormatException">While walking: a file is not what its name says; the message has its path.</exception>
    /// <remarks>Files are shuffled by .NET's generator: a seed gives the same order each time, but not Python's. Source: keras/src/utils/image_dataset_utils.py.</remarks>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public DataPipeline image_dataset_from_directory(string directory, string? labels = "inferred", string? label_mode = "int", IReadOnlyList<string>? class_names = null,
        string color_mode = "rgb", int? batch_size = 32, Axes? image_size = null, bool shuffle = true, int? seed = null, double? validation_split = null, string? subset = null,
        string interpolation = "bilinear", bool follow_links = false, bool crop_to_aspect_ratio = false, bool pad_to_aspect_ratio = false, string? data_format = null, bool verbose = true)
    {
        var index = new DirectoryIndex(new(directory, ImageData.Formats)
        {
            AreInferred = Inferred(labels) && label_mode is not null, LabelMode = label_mode, ClassNames = class_names, BatchSize = batch_size, Shuffle = shuffle, Seed = seed, ValidationSplit = validation_split, Subset = subset, FollowLinks = follow_links, Verbose = verbose,
        });
        return index.Read(ImageReader(image_size, color_mode, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, data_format));
    }

    /// <summary>Makes a data pipeline of the image files in a folder: resized, float32 (H, W, C), from 0 to 255, labelled by their subfolders.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="labels">The label of each file, folder by folder in the order of the folders' paths, those of a folder by name.</param>
    /// <param name="label_mode">"int" for int32 (default), "categorical" for one-hot float32, "binary" for 0 or 1 as float32 (1), null for no labels.</param>
    /// <param name="color_mode">"rgb" (default), "rgba" or "grayscale".</param>
    /// <param name="batch_size">The number of files in a batch; null for single ones. Default 32.</param>
    /// <param name="image_size">Height and width, or one number for both; default 256.</param>
    /// <param name="shuffle">Whether files come in random order, a new one each time; default true.</param>
    /// <param name="seed">Makes the order repeatable; default drawn from the global seed.</param>
    /// <param name="validation_split">The share of the files to use for validation; needs subset.</param>
    /// <param name="subset">"training", "validation", or "both": then <c>var (training, validation) = ...</c> takes both.</param>
    /// <param name="interpolation">"bilinear" (default), "nearest" (which keeps uint8), "bicubic", "lanczos3" or "lanczos5".</param>
    /// <param name="follow_links">Whether folders that are links are entered; default false.</param>
    /// <param name="crop_to_aspect_ratio">Whether to crop the middle of each image to the aspect ratio of the target; default false.</param>
    /// <param name="pad_to_aspect_ratio">Whether to pad each image with 0 to the aspect ratio of the target; default false.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="verbose">Whether the numbers of files and classes are printed; default true.</param>
    /// <returns>Batches of x, or (x, y) if there are labels; see <c>class_names</c> and <c>file_paths</c>.</returns>
    /// <exception cref="ArgumentException">Arguments do not go together.</exception>
    /// <exception cref="IOException">The folder does not exist, or has no readable file.</exception>
    /// <exception cref="FileFormatException">While walking: a file is not what its name says; the message has its path.</exception>
    /// <remarks>Files are shuffled by .NET's generator: a seed gives the same order each time, but not Python's. Source: keras/src/utils/image_dataset_utils.py.</remarks>
    public DataPipeline image_dataset_from_directory(string directory, IReadOnlyList<int> labels, string? label_mode = "int", string color_mode = "rgb", int? batch_size = 32,
        Axes? image_size = null, bool shuffle = true, int? seed = null, double? validation_split = null, string? subset = null, string interpolation = "bilinear", bool follow_links = false,
        bool crop_to_aspect_ratio = false, bool pad_to_aspect_ratio = false, string? data_format = null, bool verbose = true)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var index = new DirectoryIndex(new(directory, ImageData.Formats)
        {
            Labels = labels, LabelMode = label_mode, BatchSize = batch_size, Shuffle = shuffle, Seed = seed, ValidationSplit = validation_split, Subset = subset, FollowLinks = follow_links, Verbose = verbose,
        });
        return index.Read(ImageReader(image_size, color_mode, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, data_format));
    }

    /// <summary>Makes a data pipeline of the WAV files in a folder: float32 (T, channels), from -1 to 1, labelled by their subfolders; shorter ones of a batch are padded with silence.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="labels">"inferred" if each class has a folder with its name (default); null for no labels.</param>
    /// <param name="label_mode">"int" for int32 (default), "categorical" for one-hot float32, "binary" for 0 or 1 as float32 (1), null for no labels: then the whole folder is read.</param>
    /// <param name="class_names">With inferred labels, the folders to read, in the order of their class numbers; default all, by name.</param>
    /// <param name="batch_size">The number of files in a batch; null for single ones. Default 32.</param>
    /// <param name="sampling_rate">Samples per second; default as in each file.</param>
    /// <param name="output_sequence_length">The number of samples to take from a file before resampling, padded with silence; default all.</param>
    /// <param name="ragged">Not supported; ragged tensors do not exist here.</param>
    /// <param name="shuffle">Whether files come in random order, a new one each time; default true.</param>
    /// <param name="seed">Makes the order repeatable; default drawn from the global seed.</param>
    /// <param name="validation_split">The share of the files to use for validation; needs subset.</param>
    /// <param name="subset">"training", "validation", or "both": then <c>var (training, validation) = ...</c> takes both.</param>
    /// <param name="follow_links">Whether folders that are links are entered; default false.</param>
    /// <param name="verbose">Whether the numbers of files and classes are printed; default true.</param>
    /// <returns>Batches of x, or (x, y) if there are labels; see <c>class_names</c> and <c>file_paths</c>.</returns>
    /// <exception cref="ArgumentException">Arguments do not go together.</exception>
    /// <exception cref="IOException">The folder does not exist, or has no readable file.</exception>
    /// <exception cref="FileFormatException">While walking: a file is not what its name says; the message has its path.</exception>
    /// <remarks>Files are shuffled by .NET's generator: a seed gives the same order each time, but not Python's. Source: keras/src/utils/audio_dataset_utils.py.</remarks>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public DataPipeline audio_dataset_from_directory(string directory, string? labels = "inferred", string? label_mode = "int", IReadOnlyList<string>? class_names = null,
        int? batch_size = 32, int? sampling_rate = null, int? output_sequence_length = null, bool ragged = false, bool shuffle = true, int? seed = null, double? validation_split = null,
        string? subset = null, bool follow_links = false, bool verbose = true)
    {
        if (ragged) throw new UnsupportedException("Ragged tensors are not supported", nameof(audio_dataset_from_directory), "ragged: false", "true", "Batches are padded with silence.");
        if (sampling_rate is { } rate) Require.Count(1, rate, nameof(sampling_rate));
        if (output_sequence_length is { } length) Require.Count(1, length, nameof(output_sequence_length));
        var index = new DirectoryIndex(new(directory, ".wav")
        {
            AreInferred = Inferred(labels) && label_mode is not null, LabelMode = label_mode, ClassNames = class_names, BatchSize = batch_size, Shuffle = shuffle, Seed = seed, ValidationSplit = validation_split, Subset = subset, FollowLinks = follow_links, Verbose = verbose, PadsBatches = true,
        });
        return index.Read(path => ReadSound(path, sampling_rate, output_sequence_length));
    }

    /// <summary>Makes a data pipeline of the WAV files in a folder: float32 (T, channels), from -1 to 1, labelled by their subfolders; shorter ones of a batch are padded with silence.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="labels">The label of each file, folder by folder in the order of the folders' paths, those of a folder by name.</param>
    /// <param name="label_mode">"int" for int32 (default), "categorical" for one-hot float32, "binary" for 0 or 1 as float32 (1), null for no labels.</param>
    /// <param name="batch_size">The number of files in a batch; null for single ones. Default 32.</param>
    /// <param name="sampling_rate">Samples per second; default as in each file.</param>
    /// <param name="output_sequence_length">The number of samples to take from a file before resampling, padded with silence; default all.</param>
    /// <param name="ragged">Not supported; ragged tensors do not exist here.</param>
    /// <param name="shuffle">Whether files come in random order, a new one each time; default true.</param>
    /// <param name="seed">Makes the order repeatable; default drawn from the global seed.</param>
    /// <param name="validation_split">The share of the files to use for validation; needs subset.</param>
    /// <param name="subset">"training", "validation", or "both": then <c>var (training, validation) = ...</c> takes both.</param>
    /// <param name="follow_links">Whether folders that are links are entered; default false.</param>
    /// <param name="verbose">Whether the numbers of files and classes are printed; default true.</param>
    /// <returns>Batches of x, or (x, y) if there are labels; see <c>class_names</c> and <c>file_paths</c>.</returns>
    /// <exception cref="ArgumentException">Arguments do not go together.</exception>
    /// <exception cref="IOException">The folder does not exist, or has no readable file.</exception>
    /// <exception cref="FileFormatException">While walking: a file is not what its name says; the message has its path.</exception>
    /// <remarks>Files are shuffled by .NET's generator: a seed gives the same order each time, but not Python's. Source: keras/src/utils/audio_dataset_utils.py.</remarks>
    public DataPipeline audio_dataset_from_directory(string directory, IReadOnlyList<int> labels, string? label_mode = "int", int? batch_size = 32, int? sampling_rate = null,
        int? output_sequence_length = null, bool ragged = false, bool shuffle = true, int? seed = null, double? validation_split = null, string? subset = null, bool follow_links = false,
        bool verbose = true)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (ragged) throw new UnsupportedException("Ragged tensors are not supported", nameof(audio_dataset_from_directory), "ragged: false", "true", "Batches are padded with silence.");
        if (sampling_rate is { } rate) Require.Count(1, rate, nameof(sampling_rate));
        if (output_sequence_length is { } length) Require.Count(1, length, nameof(output_sequence_length));
        var index = new DirectoryIndex(new(directory, ".wav")
        {
            Labels = labels, LabelMode = label_mode, BatchSize = batch_size, Shuffle = shuffle, Seed = seed, ValidationSplit = validation_split, Subset = subset, FollowLinks = follow_links, Verbose = verbose, PadsBatches = true,
        });
        return index.Read(path => ReadSound(path, sampling_rate, output_sequence_length));
    }
}
