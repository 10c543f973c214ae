namespace Keras.Examples;

/// <summary>Finds files of the repository for programs that may be started in any of its folders.</summary>
static class InRepository
{
    /// <summary>Finds a path such as models/bert-tiny in the working folder or above it, or above the program.</summary>
    public static string Find(string path)
    {
        foreach (var start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (Path.Combine(folder.FullName, path) is var found && Path.Exists(found)) return found;
        return path;
    }
}
