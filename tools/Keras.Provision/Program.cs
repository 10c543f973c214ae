using Keras;
using Keras.Engines.TensorFlow;

// Fills the user's cache with libtensorflow. Exit codes: 0 provided or already there, 1 not provided, 2 wrong arguments.
const string Usage = "Usage: Keras.Provision [--archive FILE.tar.xz] [--sha256 HEX] [--version 2.21.0] [--pip \"python3 -m pip\"] [--cache FOLDER]";

var options = new ProvisionOptions();
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : null;
    var changed = value is null ? null : args[i] switch
    {
        "--archive" => options with { Archive = value },
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
