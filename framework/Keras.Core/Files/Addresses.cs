namespace Keras.Files;

/// <summary>Checks addresses before they are requested.</summary>
static class Addresses
{
    /// <summary>Whether an address has a usable host: a name in another script may be invalid, which .NET reports only when the host is read.</summary>
    public static bool HasHost(Uri uri)
    {
        try
        {
            return uri.IsAbsoluteUri && uri.IdnHost is not null;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
