using System.Globalization;
using Keras.Serving;
using Keras.Serving.Load;

// Load on a host in a process of its own.
//   Keras.Serving.Load bench MODEL_FOLDER [rounds]      figures beside a bare loop over the same model
//   Keras.Serving.Load soak [requests] [clients]        versions are swapped every 2 s, clients vanish; every answer is checked
//   Keras.Serving.Load endure MODEL_FOLDER [minutes] [clients]   load on a real model, versions swapped every 2 s, the slope of its memory
//   Keras.Serving.Load start MODEL_FOLDER [rounds]      from the start of the process to the first answer
switch (args)
{
    case ["host", ..]:
        return await ServeCommandLine.RunAsync(args[1..], Console.Out, Console.Error);
    case ["bench", var model, ..]:
        await Bench.RunAsync(model, args.Length > 2 ? Number(args[2]) : 5);
        return 0;
    case ["endure", var model, ..]:
        return await Endurance.RunAsync(model, TimeSpan.FromMinutes(args.Length > 2 ? Number(args[2]) : 10), args.Length > 3 ? Number(args[3]) : 8) ? 0 : 1;
    case ["start", var model, ..]:
        await Endurance.StartsAsync(model, args.Length > 2 ? Number(args[2]) : 5);
        return 0;
    case ["soak", ..]:
        var folder = Directory.CreateTempSubdirectory("keras-soak-");
        try
        {
            ScaleModel.Write(folder.FullName, 1);
            await using (var host = await HostProcess.StartAsync(folder.FullName))
            {
                var report = await Soak.RunAsync(host.Address, folder.FullName, args.Length > 1 ? Number(args[1]) : 100_000, args.Length > 2 ? Number(args[2]) : 16, TimeSpan.FromSeconds(2));
                Console.WriteLine($"{report}; the host's memory: {host.MemoryAtStart >> 20} MB at the start, {host.Memory >> 20} MB at the end");
                return report.IsFlawless ? 0 : 1;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    default:
        Console.Error.WriteLine("Usage: Keras.Serving.Load bench MODEL_FOLDER [rounds] | soak [requests] [clients] | endure MODEL_FOLDER [minutes] [clients] | start MODEL_FOLDER [rounds]");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
