namespace Keras.Files;

/// <summary>What can be said of an address before it is asked.</summary>
static class Addresses
{
    /// <summary>Whether an address has a host that can be asked: one in letters of other scripts may be none, and says so only when it is looked at.</summary>
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
