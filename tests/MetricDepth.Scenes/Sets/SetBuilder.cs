using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;
using MetricDepth.Scenes.Tracing;

namespace MetricDepth.Scenes.Sets;

/// <summary>Puts bodies into a set. Metres; the floor is y = 0 and up is −y; sizes are full sizes.</summary>
internal sealed class SetBuilder
{
    private readonly List<Solid> _solids;
    private readonly List<string> _objects;
    private readonly Func<double, Vector3>? _motion;

    public SetBuilder() => (_solids, _objects) = ([], [""]);

    private SetBuilder(SetBuilder set, Func<double, Vector3> motion) => (_solids, _objects, _motion) = (set._solids, set._objects, motion);

    public IReadOnlyList<Solid> Solids => _solids;

    public IReadOnlyList<string> Objects => _objects;

    /// <summary>Puts bodies into the same set that all move alike: metres from where they are at time 0, by seconds. They cast no shadow.</summary>
    public SetBuilder Moving(Func<double, Vector3> motion) => new(this, motion);

    public static Rotation Yaw(double degrees) => Rotation.Exp(new(0, degrees * Math.PI / 180, 0));

    public void Room(Vector3 low, Vector3 high, Material[] materials) =>
        Add(Shape.Room, "room", (low + high) * 0.5, (high - low) * 0.5, Rotation.Identity, materials, casts: false);

    public void Box(string name, Vector3 center, Vector3 size, Material material, double yaw = 0) =>
        Add(Shape.Box, name, center, size * 0.5, Yaw(yaw), [material], casts: true);

    public void Box(string name, Vector3 center, Vector3 size, Material[] materials, double yaw = 0) =>
        Add(Shape.Box, name, center, size * 0.5, Yaw(yaw), materials, casts: true);

    public void Glow(string name, Vector3 center, Vector3 size, Material material, Shape shape = Shape.Box) =>
        Add(shape, name, center, size * 0.5, Rotation.Identity, [material], casts: false);

    public void Pole(string name, Vector3 center, double height, double radius, Material material, Rotation? axes = null) =>
        Add(Shape.Cylinder, name, center, new(radius, height / 2, radius), axes ?? Rotation.Identity, [material], casts: true);

    public void Drum(string name, Vector3 center, double height, double radius, Material[] materials) =>
        Add(Shape.Cylinder, name, center, new(radius, height / 2, radius), Rotation.Identity, materials, casts: true);

    public void Ball(string name, Vector3 center, double radius, Material material, Func<double, Vector3>? motion = null) =>
        Add(Shape.Ball, name, center, new(radius, radius, radius), Rotation.Exp(new(0.5, 1.1, 0.3)), [material], motion is null, motion);

    public void Ellipsoid(string name, Vector3 center, Vector3 half, Material material, Rotation axes) =>
        Add(Shape.Ball, name, center, half, axes, [material], casts: true);

    private void Add(
        Shape shape, string name, Vector3 center, Vector3 half, Rotation axes, Material[] materials, bool casts, Func<double, Vector3>? motion = null)
    {
        motion ??= _motion;
        int number = _objects.IndexOf(name);
        if (number < 0)
        {
            number = _objects.Count;
            _objects.Add(name);
        }
        _solids.Add(new()
        {
            Shape = shape,
            Center = center,
            Half = half,
            Axes = axes,
            Materials = materials,
            Object = (byte)number,
            CastsShadow = casts && motion is null,
            Motion = motion,
        });
    }
}
