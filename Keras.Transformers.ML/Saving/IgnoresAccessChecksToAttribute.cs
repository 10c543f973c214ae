namespace System.Runtime.CompilerServices;

/// <summary>Lets this assembly use internal types and members of another; the runtime recognizes it by name.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
