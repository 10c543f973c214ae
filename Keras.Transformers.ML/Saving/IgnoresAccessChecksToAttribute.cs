namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by its name: this assembly may use internal types and members of another.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
