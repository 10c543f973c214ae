using System.Globalization;
using Keras.Fuzz;

// Usage: Keras.Fuzz <target> <tries> <first seed> <real files...>; each seed is one try, so a fault can be reproduced by its seed alone. Some targets have files of their own.
IReadOnlyList<FuzzTarget> targets = [.. WeightTargets.All, .. FolderTargets.All, .. ImageTargets.All, .. DatasetTargets.All, .. HubTargets.All, .. GraphTargets.All, .. PackedBytesTargets.All, .. ServingTargets.All, .. RestTargets.All];
if (args.Length < 3 || targets.FirstOrDefault(t => t.Name == args[0]) is not { } target)
{
    Console.Error.WriteLine($"Usage: Keras.Fuzz <{string.Join('|', targets.Select(t => t.Name))}> <tries> <first seed> <real files...>");
    return 2;
}

var (tries, first) = (int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
List<byte[]> files = [.. args[3..].Select(File.ReadAllBytes), .. target.Made];
if (files.Count == 0)
{
    Console.Error.WriteLine($"The target {target.Name} has no files of its own: name some real ones.");
    return 2;
}
var folder = Directory.CreateTempSubdirectory("keras-fuzz-");
var (read, faults) = (0, 0);
try
{
    foreach (var whole in files) target.Try(folder.FullName, whole); // one-time setup does not count
    for (var seed = first; seed < first + tries; seed++)
    {
        var (wasRead, fault) = target.Try(folder.FullName, Mutator.Make(new Random(seed), files));
        if (wasRead) read++;
        if (fault is null) continue;
        faults++;
        Console.WriteLine($"seed {seed}: {fault}");
    }
}
finally
{
    folder.Delete(recursive: true);
}
Console.WriteLine($"{target.Name}: {tries} tries, {read} read, {tries - read - faults} refused, {faults} faults");
return faults == 0 ? 0 : 1;
