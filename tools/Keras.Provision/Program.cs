using Keras;
using Keras.Engines.TensorFlow;

// Installs libtensorflow into the user's cache, or reports whether one is found. Exit codes: 0 installed or found, 1 not, 2 wrong arguments.
const string Usage = "Usage: keras-provision --where | [--archive FILE | URL | FOLDER] [--sha256 HEX] [--version 2.21.0] [--pip \"python3 -m pip\"] [--cache FOLDER]";

if (args is ["--where"])
{
    var place = LibrarySearch.Found();
    Console.WriteLine(place is null ? "TensorFlow's library is not found" : $"TensorFlow's library: {place}");
    return place is null ? 1 : 0;
}

// As a target of build.sh the options are written --name=value.
args = [.. args.SelectMany(a => a.StartsWith("--", StringComparison.Ordinal) ? a.Split('=', 2) : [a])];
var options = new ProvisionOptions();
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : null;
    var changed = value is null ? null : args[i] switch
    {
        "--archive" => options with { Source = value },
        "--sha256" => options with { Sha256 = value },
        "--version" => options with { Version = value },
        "--pip" => options with { Pip = value },
        "--cache" => options with { CacheFolder = value },
        _ => null,
    };
    if (changed is null)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
    options = changed;
}

try
{
    Provisioning.Provision(options, Console.Out);
    return 0;
}
catch (KerasException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
