using Keras.Files;

namespace Keras.Transformers;

/// <summary>Finds a call's token: from the call, HF_TOKEN, then the file that <c>login</c> writes.</summary>
/// <remarks>Source: huggingface_hub/utils/_auth.py.</remarks>
static class HubTokens
{
    /// <summary>The token of a call; null for none.</summary>
    /// <exception cref="HfValidationException">The token cannot be sent.</exception>
    public static string? Of(string? token, HubSettings settings) => Clean(token, nameof(token)) ?? (settings.HidesToken ? null : Stored(settings));

    /// <summary>The user's token; null for none.</summary>
    public static string? Stored(HubSettings settings) => Clean(Environment.GetEnvironmentVariable("HF_TOKEN"), "HF_TOKEN") ?? Clean(Environment.GetEnvironmentVariable("HUGGING_FACE_HUB_TOKEN"), "HUGGING_FACE_HUB_TOKEN")
        ?? (File.Exists(settings.TokenPath) ? Clean(File.ReadAllText(settings.TokenPath), settings.TokenPath) : null);

    /// <summary>Stores a token for later calls, here and in Python, in a file that only the user can read.</summary>
    public static void Store(string token, HubSettings settings)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(settings.TokenPath))!);
        if (!OperatingSystem.IsWindows() && !File.Exists(settings.TokenPath))
            File.Open(settings.TokenPath, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        AtomicFile.WriteAllText(settings.TokenPath, token);
    }

    /// <summary>Trims a token, which often ends with a line break; other such characters, which could break a header, are an error.</summary>
    internal static string? Clean(string? token, string source)
    {
        var text = token?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        return text.All(c => c is > ' ' and < (char)127) ? text : throw new HfValidationException("A token cannot be sent", source, "visible ASCII characters without spaces or ends of lines within", $"{text.Length} characters, others among them", "Copy the token again from the hub's settings.");
    }
}
