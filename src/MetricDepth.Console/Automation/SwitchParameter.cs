namespace System.Management.Automation;

/// <summary>A flag: present or not.</summary>
public readonly struct SwitchParameter(bool isPresent) : IEquatable<SwitchParameter>
{
    public static SwitchParameter Present => new(true);
    public bool IsPresent => isPresent;
    public bool ToBool() => isPresent;
    public bool Equals(SwitchParameter other) => isPresent == other.IsPresent;
    public override bool Equals(object? obj) => obj is SwitchParameter other ? Equals(other) : obj is bool b && b == isPresent;
    public override int GetHashCode() => isPresent.GetHashCode();
    public override string ToString() => isPresent.ToString();
    public static implicit operator bool(SwitchParameter switchParameter) => switchParameter.IsPresent;
    public static implicit operator SwitchParameter(bool value) => new(value);
    public static bool operator ==(SwitchParameter first, SwitchParameter second) => first.Equals(second);
    public static bool operator !=(SwitchParameter first, SwitchParameter second) => !first.Equals(second);
}
