namespace Keras.Tests;

sealed class EngineSeamTests
{
    [Test]
    public void An_engine_is_found_where_a_program_uses_types_of_the_core_alone()
    {
        using var child = ChildProcess.Start(AddTwo, "40");
        Assert.That(child.ReadLine(), Is.EqualTo("False 42"));
        Assert.That(child.Finish(), Is.Zero);
    }

    static void AddTwo(string number)
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "Keras");
        Tensor sum = Tensor.Of(float.Parse(number, System.Globalization.CultureInfo.InvariantCulture)) + Tensor.Of(2f);
        Console.WriteLine($"{loaded} {sum.ToArray<float>()[0]}");
    }
}
