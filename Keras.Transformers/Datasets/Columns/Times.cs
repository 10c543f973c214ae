namespace Keras.Transformers;

/// <summary>Dates and times between Arrow's numbers since 1970 and .NET's types.</summary>
static class Times
{
    /// <summary>A DateOnly, TimeOnly, TimeSpan, DateTime, or DateTimeOffset where there is a zone.</summary>
    /// <exception cref="ValueRangeException">.NET has no such time.</exception>
    public static object Read(ElementType element, long value)
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
            throw new ValueRangeException("A time is out of the range of .NET's times", element.Name, "years 1 to 9999", $"{value} {element.Unit}");
        }
    }

    /// <summary>The number of a time; null where the object is no time of this kind.</summary>
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
