#nullable disable
using System.Collections;

namespace System.Management.Automation;

/// <summary>An object with properties added to those of its type.</summary>
public class PSObject(object obj)
{
    public PSObject() : this(new PSCustomObject()) { }

    public object BaseObject { get; } = Bare(obj ?? throw new ArgumentNullException(nameof(obj)));
    public object ImmediateBaseObject => BaseObject;
    public PSMemberInfoCollection<PSPropertyInfo> Properties => field ??= new(BaseObject);
    public IList<string> TypeNames => field ??= TypesOf(BaseObject.GetType()).ToList();

    public static PSObject AsPSObject(object obj) => obj as PSObject ?? new PSObject(obj);
    public override string ToString() => BaseObject is PSCustomObject
        ? "@{" + string.Join("; ", Properties.Select(p => p.Name + "=" + LanguagePrimitives.ToText(p.Value))) + "}"
        : LanguagePrimitives.ToText(BaseObject);

    internal static object Bare(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static IEnumerable<string> TypesOf(Type type)
    {
        for (; type is not null; type = type.BaseType) yield return type.FullName;
    }
}

/// <summary>What a <see cref="PSObject"/> with nothing but added properties wraps.</summary>
public sealed class PSCustomObject;

public abstract class PSPropertyInfo(string name)
{
    public string Name => name;
    public abstract object Value { get; set; }
}

public class PSNoteProperty(string name, object value) : PSPropertyInfo(name)
{
    public override object Value { get; set; } = value;
}

/// <summary>A public property of the wrapped object; read afresh each time.</summary>
internal sealed class PSProperty(object owner, Reflection.PropertyInfo property) : PSPropertyInfo(property.Name)
{
    public override object Value
    {
        get
        {
            try
            {
                return property.GetValue(owner);
            }
            catch (Reflection.TargetInvocationException)
            {
                return null; // the length of a file that is gone: shown as nothing, bound to nothing
            }
        }
        set => property.SetValue(owner, value);
    }
}

public class PSMemberInfoCollection<T> : IEnumerable<T> where T : PSPropertyInfo
{
    private readonly List<T> _members = [];

    internal PSMemberInfoCollection(object owner)
    {
        if (owner is PSCustomObject) return;
        foreach (var property in owner.GetType().GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0))
            if (new PSProperty(owner, property) is T member && this[property.Name] is null) _members.Add(member);
    }

    public T this[string name] => _members.Find(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    public void Add(T member) => _members.Add(member);
    public IEnumerator<T> GetEnumerator() => _members.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
