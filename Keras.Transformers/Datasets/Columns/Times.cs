namespace Keras.Transformers;

/// <summary>Converts dates and times between Arrow's numbers since 1970 and .NET's types.</summary>
static class Times
{
    /// <summary>A DateOnly, TimeOnly, TimeSpan, DateTime, or, with a time zone, DateTimeOffset.</summary>
    /// <exception cref="ValueRangeException">.NET has no such time.</exception>
    /// <exception cref="FileFormatException">.NET has no such time, and it comes from a file.</exception>
    public static object Read(ElementType element, long value, string? where)
    {
        try
        {
            var ticks = element.TicksPerUnit is > 0 and var factor ? checked(value * factor) : value / -element.TicksPerUnit;
            return element.Kind switch
            {
                ElementKind.Date => DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(ticks)),
                ElementKind.Time => new TimeOnly(ticks),
                ElementKind.Duration => TimeSpan.FromTicks(ticks),
                _ when element.Zone is not null => DateTimeOffset.UnixEpoch.AddTicks(ticks),
                _ => DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(ticks), DateTimeKind.Unspecified),
            };
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            const string what = "A time is out of the range of .NET's times", range = "years 1 to 9999";
            throw where is null ? new ValueRangeException(what, element.Name, range, $"{value} {element.Unit}") : new FileFormatException(what, where, range, $"{value} {element.Unit}", "Cast the column to int64 to read the numbers.");
        }
    }

    /// <summary>The number that stores a time; null if the object is not such a time.</summary>
    public static long? Write(ElementType element, object value)
    {
        long? ticks = (element.Kind, value) switch
        {
            (ElementKind.Date or ElementKind.Timestamp, DateOnly date) => date.ToDateTime(default).Ticks - DateTime.UnixEpoch.Ticks,
            (ElementKind.Date or ElementKind.Timestamp, DateTimeOffset time) => time.UtcTicks - DateTime.UnixEpoch.Ticks,
            (ElementKind.Date or ElementKind.Timestamp, DateTime time) => (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks - DateTime.UnixEpoch.Ticks,
            (ElementKind.Time, TimeOnly time) => time.Ticks,
            (ElementKind.Duration, TimeSpan span) => span.Ticks,
            _ => null,
        };
        if (ticks is not { } t) return null;
        return element.TicksPerUnit is > 0 and var factor ? (long)Math.Floor((decimal)t / factor) : checked(t * -element.TicksPerUnit);
    }
}
