using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text.RegularExpressions;

namespace Keras.Tests;

/// <summary>What the compiled code of a project's files uses: other members, types and texts.</summary>
/// <remarks>Namespaces do not follow folders, so no using tells what a file needs; the instructions and the debug file do.</remarks>
sealed partial class SourceArrows
{
    const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields().Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => (int)(ushort)c.Value);

    readonly Dictionary<int, string> _files = [];
    readonly Dictionary<Type, string> _fileOfType = [];
    readonly ILookup<string, string> _declared;
    readonly Assembly _assembly;

    /// <param name="project">A project of the solution, whose assembly and debug file lie beside the tests.</param>
    public SourceArrows(SolutionProject project)
    {
        _assembly = Assembly.Load(project.Name);
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(_assembly.Location, ".pdb")));
        var reader = pdb.GetMetadataReader();
        foreach (var handle in reader.MethodDebugInformation)
            if (reader.GetMethodDebugInformation(handle).Document is { IsNil: false } document && Below(project, reader.GetString(reader.GetDocument(document).Name)) is { } file)
                _files[MetadataTokens.GetToken(handle.ToDefinitionHandle())] = file;
        var sources = Directory.GetFiles(Repository.PathOf(project.Folder), "*.cs", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.PathOf(project.Folder), f).Replace('\\', '/'));
        _declared = sources.SelectMany(f => Declaration().Matches(File.ReadAllText(Repository.PathOf(project.Folder, f))).Select(m => (Name: m.Groups[1].Value, File: f))).ToLookup(d => d.Name, d => d.File);
        Uses = [.. _assembly.GetTypes().Where(t => !IsRoot(t)).SelectMany(UsesOf).Where(u => u.File.Length > 0 && !(u.Used is MemberInfo m && IsRoot(m as Type ?? m.DeclaringType))).Distinct()];
    }

    /// <summary>The root of the facade holds a part of every folder, and every folder may go through it: it is no arrow.</summary>
    static bool IsRoot(Type? type) => type is not null && (type == typeof(Api) || type == typeof(KerasApi) || IsRoot(type.DeclaringType));

    /// <summary>A file of the project and what it uses: a member, a type or a text.</summary>
    public IReadOnlyList<(string File, object Used)> Uses { get; }

    /// <summary>The folders, directly below the project, that use each other; a file beside the project's is in the folder ".".</summary>
    public IReadOnlySet<(string From, string To)> Folders => Uses.Where(u => u.Used is MemberInfo m && m.Module.Assembly == _assembly && !IsShared(m))
        .Select(u => (From: Top(u.File), To: Top(FileOf((MemberInfo)u.Used)))).Where(a => a.From != a.To && a.To is not null).ToHashSet()!;

    /// <summary>A file of one folder and what it uses of another.</summary>
    public string Example(string from, string to)
    {
        var (file, used) = Uses.First(u => Top(u.File) == from && u.Used is MemberInfo m && m.Module.Assembly == _assembly && !IsShared(m) && Top(FileOf(m)) == to);
        return $"{file} uses {((MemberInfo)used).DeclaringType?.Name}.{((MemberInfo)used).Name} of {FileOf((MemberInfo)used)}";
    }

    /// <summary>The arrows from which a way leads back.</summary>
    public static IEnumerable<(string From, string To)> InCycles(IReadOnlySet<(string From, string To)> arrows) => arrows.Where(a => Reachable(arrows, a.To).Contains(a.From));

    static HashSet<string> Reachable(IReadOnlySet<(string From, string To)> arrows, string from)
    {
        var found = new HashSet<string> { from };
        var next = new Queue<string>(found);
        while (next.TryDequeue(out var folder))
            foreach (var (_, to) in arrows.Where(a => a.From == folder))
                if (found.Add(to)) next.Enqueue(to);
        return found;
    }

    /// <summary>The class that keeps the lambdas of all parts of a class lies in no file; its lambdas do.</summary>
    bool IsShared(MemberInfo member) => (member as Type ?? member.DeclaringType)?.Name == "<>c" && !_files.ContainsKey(member.MetadataToken);

    static string? Top(string? file) => file is null ? null : file.Contains('/') ? file[..file.IndexOf('/')] : ".";

    static string? Below(SolutionProject project, string path)
    {
        var at = path.Replace('\\', '/').IndexOf($"/{project.Folder}/", StringComparison.Ordinal);
        return at < 0 || path.Contains("/obj/", StringComparison.Ordinal) ? null : path.Replace('\\', '/')[(at + project.Folder.Length + 2)..];
    }

    IEnumerable<(string File, object Used)> UsesOf(Type type)
    {
        var file = FileOf(type) ?? "";
        foreach (var used in new[] { type.BaseType }.Concat(type.GetInterfaces()).OfType<Type>().SelectMany(Parts)) yield return (file, used);
        foreach (var field in type.Name == "<>c" ? [] : type.GetFields(Own))
            foreach (var used in Parts(field.FieldType)) yield return (file, used);
        foreach (var method in type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own)))
        {
            var here = _files.GetValueOrDefault(method.MetadataToken, file);
            var signature = method.GetParameters().Select(p => p.ParameterType).Append((method as MethodInfo)?.ReturnType ?? typeof(void));
            foreach (var used in signature.SelectMany(Parts).Concat(InBody(method))) yield return (here, used);
        }
    }

    static IEnumerable<object> InBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body) yield break;
        foreach (var used in body.LocalVariables.SelectMany(v => Parts(v.LocalType))) yield return used;
        var (types, methods) = (method.DeclaringType!.GetGenericArguments(), method.IsGenericMethodDefinition ? method.GetGenericArguments() : []);
        var code = body.GetILAsByteArray()!;
        for (var at = 0; at < code.Length;)
        {
            var op = OpCodesByValue[code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at]];
            at += op.Size;
            if (op.OperandType == OperandType.InlineString) yield return method.Module.ResolveString(BitConverter.ToInt32(code, at));
            else if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                foreach (var used in Members(method.Module.ResolveMember(BitConverter.ToInt32(code, at), types, methods)!)) yield return used;
            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    static IEnumerable<object> Members(MemberInfo member) => member is Type type
        ? Parts(type)
        : [member, .. (member as MethodInfo)?.GetGenericArguments().SelectMany(Parts) ?? [], .. member.DeclaringType?.GetGenericArguments().SelectMany(Parts) ?? []];

    /// <summary>A type without brackets, and the types in them.</summary>
    static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter || type.IsFunctionPointer ? []
        : type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];

    string? FileOf(MemberInfo member) => member is Type type ? FileOf(type) : _files.GetValueOrDefault(member.MetadataToken) ?? FileOf(member.DeclaringType!);

    /// <summary>The file that declares a type; of the parts of one, the file that has its name, or else the first.</summary>
    string? FileOf(Type type)
    {
        if (type.IsGenericType) type = type.GetGenericTypeDefinition();
        if (_fileOfType.TryGetValue(type, out var known)) return known;
        var name = type.Name.Split('`')[0];
        var withCode = type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own)).Select(m => _files.GetValueOrDefault(m.MetadataToken)).OfType<string>().Distinct().ToArray();
        var candidates = withCode.Length > 0 ? withCode : [.. _declared[name]];
        var found = candidates.OrderBy(f => Path.GetFileNameWithoutExtension(f) != name).ThenBy(f => f, StringComparer.Ordinal).FirstOrDefault() ?? (type.DeclaringType is { } outer ? FileOf(outer) : null);
        if (found is not null) _fileOfType[type] = found;
        return found;
    }

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record|delegate\s+[\w<>?\[\],. ]+?)\s+(\w+)\s*[<({:;\r\n]")]
    private static partial Regex Declaration();
}
