using System.Globalization;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>The settings from huggingface_hub's environment variables, read again by each call.</summary>
/// <remarks>Source: huggingface_hub/constants.py.</remarks>
sealed record HubSettings
{
    const string DefaultEndpoint = "https://huggingface.co";
    static readonly string[] True = ["1", "ON", "YES", "TRUE"];
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    readonly TimeSpan? _metadataTimeout;

    /// <summary>The settings as they are now.</summary>
    /// <exception cref="HfValidationException">HF_ENDPOINT is not an address.</exception>
    public static HubSettings Current => new();

    HubSettings()
    {
        var endpoint = (Text("HF_ENDPOINT") ?? DefaultEndpoint).TrimEnd('/');
        Endpoint = AddressOf(endpoint, "HF_ENDPOINT");
        Home = HomeFolder;
        Cache = Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(Home, "hub");
        TokenPath = Folder("HF_TOKEN_PATH") ?? Path.Combine(Home, "token");
        Offline = Flag("HF_HUB_OFFLINE") ?? Flag("TRANSFORMERS_OFFLINE") ?? false;
        HidesToken = Flag("HF_HUB_DISABLE_IMPLICIT_TOKEN") ?? false;
        ShowsProgress = !(Flag("HF_HUB_DISABLE_PROGRESS_BARS") ?? false);
        _metadataTimeout = Seconds("HF_HUB_ETAG_TIMEOUT");
        DownloadTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT") ?? DefaultTimeout;
    }

    /// <summary>The hub's address, without a trailing slash.</summary>
    public Uri Endpoint { get; init; }

    /// <summary>The folder where Hugging Face's libraries keep their files.</summary>
    public static string HomeFolder => Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface");

    /// <inheritdoc cref="HomeFolder"/>
    public string Home { get; }

    /// <summary>The folder that caches repositories.</summary>
    public string Cache { get; }

    /// <summary>The file that holds the user's token.</summary>
    public string TokenPath { get; }

    /// <summary>Whether the hub is never asked.</summary>
    public bool Offline { get; }

    /// <summary>Whether the user's token is only sent if a call asks for it.</summary>
    public bool HidesToken { get; }

    /// <summary>Whether downloads show their progress.</summary>
    public bool ShowsProgress { get; }

    /// <summary>The timeout for a file's metadata if HF_HUB_ETAG_TIMEOUT is not set, which overrides a call's own value, as in Python.</summary>
    public TimeSpan WantedMetadataTimeout { get; init; } = DefaultTimeout;

    /// <summary>The timeout for a file's metadata.</summary>
    public TimeSpan MetadataTimeout => _metadataTimeout ?? WantedMetadataTimeout;

    /// <summary>What requests send besides the token.</summary>
    public HubCaller Caller { get; init; } = HubCaller.None;

    /// <summary>How long a download may stall.</summary>
    public TimeSpan DownloadTimeout { get; }

    /// <summary>The endpoint as a text, without a trailing slash.</summary>
    public string Address => Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Parses a web address.</summary>
    /// <exception cref="HfValidationException">The text is not a web address.</exception>
    public static Uri AddressOf(string text, string name) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && Addresses.HasHost(uri)
        ? uri
        : throw new HfValidationException("The hub's address is invalid", name, "such as \"https://huggingface.co\", without a name of a user and without a query", uri?.UserInfo.Length > 0 ? "an address with a user's name" : Known.Say(RepoName.Printable(text)));

    static string UserFolder => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The folder in a variable, with ~ for the user's home; null if it is not set.</summary>
    public static string? Folder(string name)
    {
        if (Text(name) is not { } value) return null;
        value = Environment.ExpandEnvironmentVariables(value);
        return value == "~" ? UserFolder : value.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(UserFolder, value[2..]) : value;
    }

    static bool? Flag(string name) => Text(name) is { } value ? True.Contains(value.ToUpperInvariant()) : null;

    static TimeSpan? Seconds(string name) => Text(name) is { } value && double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestTimeout.TotalSeconds)) : null;
}
