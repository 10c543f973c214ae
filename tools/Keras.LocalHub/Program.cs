using Keras;
using Keras.LocalHub;
using Keras.Transformers;

// serve PORT MODEL_FOLDER... : a hub with these folders as repositories "local/NAME"; download REPO FILE CACHE [FOLDER]: run as a second process by tests.
switch (args)
{
    case ["serve", var port, .. var folders]:
        await using (var hub = await LocalHub.StartAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)))
        {
            foreach (var folder in folders) hub.Repositories.AddFolder("model", $"local/{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}", folder);
            Console.WriteLine($"HF_ENDPOINT={hub.Endpoint} HF_TOKEN={hub.Users.Keys.First()}");
            await Task.Delay(Timeout.Infinite);
        }
        return 0;
    case ["download", var repository, var file, var cache, .. var local]:
        try
        {
            Console.WriteLine(HuggingFaceHub.hf_hub_download(repository, file, cache_dir: cache, local_dir: local.FirstOrDefault()));
            return 0;
        }
        catch (Exception e) when (e is KerasException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    default:
        Console.Error.WriteLine("usage: serve PORT [MODEL_FOLDER...] | download REPOSITORY FILE CACHE [FOLDER]");
        return 2;
}
