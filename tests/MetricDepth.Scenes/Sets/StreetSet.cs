using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;
using MetricDepth.Scenes.Tracing;
using Rgb = System.Numerics.Vector3;

namespace MetricDepth.Scenes.Sets;

/// <summary>A street between two rows of houses, in sunlight; the camera walks along the right-hand pavement.</summary>
internal static class StreetSet
{
    private const double Front = 6.5, Kerb = 4.0;

    private static readonly Material Steel = new(Patterns.Mottle(new(0.25f, 0.25f, 0.26f), new(0.5f, 0.5f, 0.52f), 5, 240)) { Tile = 0.4f, LightTexel = 0.1f };
    private static readonly Material Tyre = new(Patterns.Mottle(new(0.06f, 0.06f, 0.06f), new(0.22f, 0.22f, 0.22f), 6, 241)) { Tile = 0.4f, LightTexel = 0.1f };

    public static Scene Build()
    {
        var set = new SetBuilder();
        Street(set);
        return new("Walk", set, Daylight(), 0.8f, Camera);
    }

    /// <summary>The same street with a tram that goes the camera's way and people on both pavements: about a third of the picture moves by itself.</summary>
    public static Scene BuildCrowd()
    {
        var set = new SetBuilder();
        Street(set);
        Tram(set.Moving(t => new(0, 0, 2.1 * t)), 1.0, 9.4);
        Walker(set, new(4.6, 0, 9.5), -0.55, 1);
        Walker(set, new(6.0, 0, 15), -1.1, 2);
        Walker(set, new(4.9, 0, 5.2), 1.15, 3);
        Walker(set, new(5.95, 0, 3.9), 1.3, 4);
        Walker(set, new(5.1, 0, 19), -1.2, 5);
        Walker(set, new(4.4, 0, 26), -1.25, 6);
        Walker(set, new(5.8, 0, 27), -1.3, 7);
        return new("Crowd", set, Daylight(), 0.8f, Camera);
    }

    /// <summary>Straight on along the pavement at 1.25 m a second.</summary>
    public static Pose Camera(double t)
    {
        var eye = new Vector3(5.2, -1.6, 1.25 * t);
        return HandHeld.Walk(eye, new(4.1, -1.55, eye.Z + 8), t, strength: 1);
    }

    private static Lights Daylight() => new()
    {
        Sun = new(new Vector3(-0.42, -0.8, -0.42).Normalized, new(0, -24, 15), new(90, 0, 0), new(0, 0, 90), new(1.5f, 1.4f, 1.2f, 0), 0.02),
        Ambient = new(0.52f, 0.56f, 0.64f, 0),
    };

    private static void Street(SetBuilder set)
    {
        var sky = new Material(Patterns.Sky(200)) { Tile = 0, Emission = 1.6f, LightTexel = 5 };
        var asphalt = new Material(Patterns.Speckle(new(0.24f, 0.24f, 0.25f), new(0.55f, 0.54f, 0.53f), 201)) { Tile = 2.2f, Weathering = 0.5f, LightTexel = 0.2f };
        var paving = new Material(Patterns.Paving(new(0.42f, 0.4f, 0.38f), new(0.74f, 0.71f, 0.66f), 202)) { Tile = 2.4f, Weathering = 0.5f, LightTexel = 0.12f };
        set.Room(new(-40, -26, -12), new(40, 0, 70), [sky, sky, sky, asphalt, sky, sky]);
        foreach (int side in new[] { -1, 1 }) set.Box("pavement", new(side * (Front + Kerb) / 2, -0.06, 25), new(Front - Kerb, 0.12, 74), paving);
        Rgb[] walls = [new(0.62f, 0.36f, 0.28f), new(0.78f, 0.72f, 0.58f), new(0.5f, 0.56f, 0.6f), new(0.7f, 0.5f, 0.38f), new(0.8f, 0.78f, 0.72f), new(0.55f, 0.3f, 0.25f), new(0.66f, 0.62f, 0.5f)];
        foreach (int side in new[] { -1, 1 })
        {
            double z = -11;
            for (int i = 0; z < 58; i++)
            {
                int seed = 210 + 20 * (side + 1) + i;
                double width = 5.2 + 2.2 * Noise.Hash(i, side, 3), height = 8 + 3 * Noise.Hash(i, side, 4);
                var color = walls[(i * 3 + side + 1) % walls.Length];
                var front = new Material(Patterns.Facade(color, isBrick: (i + side & 1) == 0, seed)) { Tile = 0, LightTexel = 0.2f };
                double back = 8 + 0.3 * Noise.Hash(i, side, 5);
                set.Box("house", new(side * (Front + back / 2), -height / 2, z + width / 2), new(back, height, width - 0.02), front);
                House(set, side, z, width, seed);
                z += width;
            }
        }
        set.Box("end house", new(0, -5, 62), new(16, 10, 4), new Material(Patterns.Facade(walls[0], isBrick: true, 260)) { Tile = 0, LightTexel = 0.3f });
        for (int i = 0; i < 4; i++) Tree(set, new(-4.6, -0.12, 7 + 9.5 * i), 270 + i);
        for (int i = 0; i < 4; i++) LampPost(set, new(4.25, -0.12, 6.5 + 11 * i));
        for (int i = 0; i < 5; i++) set.Pole("bollard", new(4.2, -0.5, 2.6 + 2.1 * i + (i > 1 ? 1.5 : 0)), 0.78, 0.06, Steel);
        Rgb[] paints = [new(0.6f, 0.12f, 0.1f), new(0.15f, 0.25f, 0.5f), new(0.75f, 0.74f, 0.7f), new(0.2f, 0.35f, 0.28f)];
        for (int i = 0; i < 4; i++) Car(set, new(-3.0, 0, 4 + 6.3 * i), paints[i], 280 + 3 * i);
        // things people leave in front of houses
        var box = RoomSet.Wood(new(0.4f, 0.26f, 0.15f), new(0.72f, 0.5f, 0.3f), 295);
        foreach (var (z, high) in new[] { (5.4, 0.5), (11.8, 0.7), (17.5, 0.5) })
        {
            set.Box("flower box", new(Front - 0.3, -0.12 - high / 2, z), new(0.4, high, 1.1), box);
            for (int i = 0; i < 4; i++)
                set.Ball("bush", new(Front - 0.3, -0.2 - high, z - 0.4 + 0.27 * i), 0.2, new(Patterns.Mottle(new(0.1f, 0.22f, 0.08f), new(0.5f, 0.62f, 0.25f), 7, 296 + i)) { Tile = 0.4f, LightTexel = 0.1f });
        }
    }

    /// <summary>What stands out from a front: a doorstep, sills, an awning or a bay.</summary>
    private static void House(SetBuilder set, int side, double z, double width, int seed)
    {
        var stone = new Material(Patterns.Mottle(new(0.55f, 0.53f, 0.48f), new(0.82f, 0.8f, 0.74f), 6, seed)) { Tile = 0.8f, LightTexel = 0.1f };
        double x = side * (Front - 0.08);
        set.Box("cornice", new(x, -3.45, z + width / 2), new(0.22, 0.22, width - 0.1), stone);
        set.Pole("drain pipe", new(side * (Front - 0.07), -4, z + 0.12), 7.8, 0.05, Steel);
        if (seed % 3 == 0)
        {
            var cloth = new Material(Patterns.Cloth(new(0.75f, 0.2f, 0.18f), new(0.95f, 0.9f, 0.8f), seed)) { Tile = 1.1f, LightTexel = 0.1f };
            set.Box("awning", new(side * (Front - 0.5), -2.75, z + width / 2), new(1.0, 0.12, width * 0.6), cloth);
        }
        else if (seed % 3 == 1)
            set.Box("bay", new(side * (Front - 0.25), -1.9, z + width * 0.62), new(0.5, 2.2, 1.6), new Material(Patterns.Facade(new(0.8f, 0.76f, 0.66f), isBrick: false, seed + 40)) { Tile = 0, LightTexel = 0.15f });
        set.Box("doorstep", new(side * (Front - 0.25), -0.18, z + width * 0.25), new(0.5, 0.12, 1.1), stone);
    }

    private static void Tree(SetBuilder set, Vector3 at, int seed)
    {
        var bark = RoomSet.Wood(new(0.2f, 0.15f, 0.1f), new(0.45f, 0.36f, 0.27f), seed);
        set.Pole("tree", at + new Vector3(0, -1.5, 0), 3, 0.13, bark);
        for (int i = 0; i < 7; i++)
        {
            double a = 0.9 * i + seed, r = i == 6 ? 0 : 0.75;
            var leaves = new Material(Patterns.Mottle(new Rgb(0.1f, 0.2f, 0.06f) * (1 + 0.1f * i), new(0.5f, 0.6f, 0.22f), 9, seed + i)) { Tile = 1.1f, LightTexel = 0.2f };
            set.Ball("tree", at + new Vector3(r * Math.Cos(a), -3.5 - 0.35 * (i % 3), r * Math.Sin(a)), 0.8, leaves);
        }
    }

    private static void LampPost(SetBuilder set, Vector3 at)
    {
        set.Pole("lamp post", at + new Vector3(0, -2, 0), 4, 0.05, Steel);
        set.Drum("lamp post", at + new Vector3(0, -0.4, 0), 0.8, 0.1, [Steel]);
        set.Box("lamp post", at + new Vector3(0, -4.1, 0), new(0.3, 0.4, 0.3), Steel);
    }

    private static void Car(SetBuilder set, Vector3 at, Rgb paint, int seed)
    {
        var body = new Material(Patterns.Mottle(paint * 0.75f, paint * 1.2f + new Rgb(0.05f), 4, seed)) { Tile = 1.2f, LightTexel = 0.1f };
        var glass = new Material(Patterns.Garden(seed + 1)) { Tile = 0, Tint = new(0.45f, 0.5f, 0.55f, 0), LightTexel = 0.1f };
        set.Box("car", at + new Vector3(0, -0.55, 0), new(1.75, 0.6, 4.1), body);
        set.Box("car", at + new Vector3(0, -1.08, 0.15), new(1.5, 0.5, 2.1), [glass, glass, body, body, glass, glass]);
        foreach (double x in new[] { -0.8, 0.8 })
            foreach (double z in new[] { -1.3, 1.3 })
                set.Pole("car", at + new Vector3(x, -0.31, z), 0.22, 0.31, Tyre, Rotation.Exp(new(0, 0, Math.PI / 2)));
        foreach (double x in new[] { -0.6, 0.6 }) set.Ball("car", at + new Vector3(x, -0.6, -2.05), 0.11, new(Patterns.Mottle(new(0.6f, 0.1f, 0.05f), new(0.95f, 0.5f, 0.3f), 4, seed + 2)) { Tile = 0.2f, LightTexel = 0.1f });
    }

    private static void Tram(SetBuilder set, double x, double front)
    {
        const double Length = 14, Width = 2.4;
        var side = new Material(Patterns.Carriage(new(0.72f, 0.62f, 0.24f), new(0.8f, 0.78f, 0.7f), 300)) { Tile = 0, LightTexel = 0.2f };
        var roof = new Material(Patterns.Mottle(new(0.4f, 0.4f, 0.4f), new(0.65f, 0.65f, 0.65f), 5, 301)) { Tile = 1.2f, LightTexel = 0.2f };
        set.Box("tram", new(x, -1.85, front - Length / 2), new(Width, 3.0, Length), [side, side, roof, roof, side, side]);
        set.Box("tram", new(x, -0.28, front - Length / 2), new(Width - 0.3, 0.3, Length - 1), roof);
        for (int i = 0; i < 5; i++) set.Box("tram", new(x, -3.5, front - 1.5 - 2.7 * i), new(1.2, 0.3, 1.4), roof);
    }

    /// <summary>Somebody who walks along the street; a negative speed comes towards the camera.</summary>
    private static void Walker(SetBuilder set, Vector3 at, double speed, int number)
    {
        double phase = 1.3 * number;
        var walking = set.Moving(t => new(0.03 * (Math.Sin(5.4 * t + phase) - Math.Sin(phase)), 0.02 * (Math.Cos(10.8 * t + phase) - Math.Cos(phase)), speed * t));
        Rgb[] coats = [new(0.55f, 0.15f, 0.15f), new(0.16f, 0.26f, 0.45f), new(0.3f, 0.42f, 0.26f), new(0.7f, 0.55f, 0.25f), new(0.35f, 0.2f, 0.38f), new(0.2f, 0.2f, 0.22f), new(0.75f, 0.72f, 0.66f)];
        var coat = new Material(Patterns.Cloth(coats[number % 7], coats[number % 7] * 0.4f + new Rgb(0.5f), 310 + number)) { Tile = 0.5f, LightTexel = 0.1f };
        var trousers = new Material(Patterns.Cloth(new(0.2f, 0.22f, 0.3f), new(0.45f, 0.45f, 0.5f), 320 + number)) { Tile = 0.45f, LightTexel = 0.1f };
        var skin = new Material(Patterns.Mottle(new(0.5f, 0.34f, 0.26f), new(0.85f, 0.65f, 0.52f), 5, 330 + number)) { Tile = 0.3f, LightTexel = 0.1f };
        string name = $"walker {number}";
        at += new Vector3(0, -0.12, 0);
        walking.Ellipsoid(name, at + new Vector3(0, -1.16, 0), new(0.25, 0.4, 0.17), coat, Rotation.Identity);
        foreach (int s in new[] { -1, 1 })
        {
            walking.Pole(name, at + new Vector3(s * 0.1, -0.42, 0), 0.84, 0.085, trousers, Rotation.Exp(new(s * 0.18, 0, 0)));
            walking.Pole(name, at + new Vector3(s * 0.28, -1.12, 0), 0.62, 0.055, coat, Rotation.Exp(new(-s * 0.3, 0, -s * 0.1)));
        }
        walking.Ball(name, at + new Vector3(0, -1.66, 0), 0.13, skin);
        walking.Ellipsoid(name, at + new Vector3(0, -1.72, 0.01), new(0.14, 0.1, 0.14), trousers, Rotation.Identity);
    }
}
