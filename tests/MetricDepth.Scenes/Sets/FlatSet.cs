using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;
using MetricDepth.Scenes.Tracing;
using Rgb = System.Numerics.Vector3;

namespace MetricDepth.Scenes.Sets;

/// <summary>A flat of two rooms side by side, 8 m by 5 m, joined by two doorways: a sitting room (x &lt; 0) and a kitchen (x &gt; 0).</summary>
internal static class FlatSet
{
    private const double Side = 4, Depth = 2.5, Ceiling = -2.6, Doorway = 1.4, DoorWidth = 0.95, DoorHeight = 2.05;

    // a rounded rectangle through both doorways
    private const double ReachX = 2.2, ReachZ = 1.4, Corner = 1.2, StraightX = 2 * (ReachX - Corner), StraightZ = 2 * (ReachZ - Corner), Bend = Math.PI / 2 * Corner;
    private const double RoundLength = 2 * (StraightX + StraightZ) + 4 * Bend;
    private const double Speed = 0.9, StartSeconds = 1;

    /// <summary>How long the round takes, seconds: an easy walk that begins and ends at rest.</summary>
    public const double RoundSeconds = RoundLength / Speed + StartSeconds;

    private static readonly Material White = RoomSet.Wood(new(0.7f, 0.67f, 0.6f), new(0.9f, 0.88f, 0.82f), 107);

    public static Scene Build()
    {
        var set = new SetBuilder();
        Shell(set);
        SittingRoom(set);
        Kitchen(set);
        var lights = new Lights
        {
            Samples =
            [
                .. Lights.Rectangle(new(-Side + 0.08, -1.5, 0.2), new(0, 0.6, 0), new(0, 0, 0.8), new(9, 9.8f, 11, 0), 5, 5),
                .. Lights.Rectangle(new(1.4, -1.6, -Depth + 0.08), new(0.9, 0, 0), new(0, 0.5, 0), new(9, 9.8f, 11, 0), 5, 5),
                .. Lights.Rectangle(new(-2.1, Ceiling + 0.03, 0), new(0, 0, 0.5), new(0.5, 0, 0), new(9, 8, 6.6f, 0), 4, 4),
                .. Lights.Rectangle(new(1.9, Ceiling + 0.03, 0.1), new(0, 0, 0.5), new(0.5, 0, 0), new(10, 9.6f, 8.8f, 0), 4, 4),
            ],
            Ambient = new(0.2f, 0.2f, 0.21f, 0),
            Bounces = 1,
        };
        return new("Loop", set, lights, 1.05f, Round);
    }

    /// <summary>Through both rooms and back to where it began, looking the same way again; it stands still after that.</summary>
    public static Pose Round(double t)
    {
        double s = Way(t);
        var eye = At(s).Place;
        // people look where they are going to be
        var heading = At(s - 0.3).Heading + At(s + 0.15).Heading + At(s + 0.6).Heading;
        return HandHeld.Walk(eye, eye + heading.Normalized * 3 + new Vector3(0, 0.22, 0), t, strength: 1);
    }

    /// <summary>A whole turn to the right on a tripod in the sitting room, in ten seconds: the camera's centre stays where it is.</summary>
    public static Pose Tripod(double t) =>
        new(SetBuilder.Yaw(20 + 36 * Math.Min(t, 10)) * Rotation.Exp(new(-0.12 + 0.06 * Math.Sin(0.9 * t), 0, 0)), new(-2, -1.5, 0.3));

    /// <summary>The same turn in somebody's hands: the camera sways a few centimetres.</summary>
    public static Pose TurnedByHand(double t)
    {
        var way = Tripod(t);
        var ahead = way.Rotation * new Vector3(0, 0, 3);
        return HandHeld.Walk(way.Translation + ahead * 0.02, way.Translation + ahead, 0.7 * t, strength: 1.4);
    }

    /// <summary>Metres walked by a time: from rest to full speed in a second, and to rest again at the end.</summary>
    private static double Way(double t)
    {
        t = Math.Clamp(t, 0, RoundSeconds);
        return t < StartSeconds ? Speed * t * t / (2 * StartSeconds)
            : t > RoundSeconds - StartSeconds ? RoundLength - Speed * (RoundSeconds - t) * (RoundSeconds - t) / (2 * StartSeconds)
            : Speed * (t - StartSeconds / 2);
    }

    private static (Vector3 Place, Vector3 Heading) At(double s)
    {
        s = (s % RoundLength + RoundLength) % RoundLength;
        double half = RoundLength / 2;
        // the second half is the first, turned by 180°
        if (s >= half)
        {
            var (place, heading) = At(s - half);
            return (new(-place.X, place.Y, -place.Z), new(-heading.X, 0, -heading.Z));
        }
        const double Y = -1.5;
        if (s < StraightX) return (new(-StraightX / 2 + s, Y, -ReachZ), new(1, 0, 0));
        s -= StraightX;
        if (s < Bend) return Turn(s / Corner, -StraightZ / 2, 0);
        s -= Bend;
        if (s < StraightZ) return (new(ReachX, Y, -StraightZ / 2 + s), new(0, 0, 1));
        return Turn((s - StraightZ) / Corner, StraightZ / 2, Math.PI / 2);

        static (Vector3, Vector3) Turn(double angle, double z, double from)
        {
            var (sin, cos) = Math.SinCos(angle + from);
            return (new(StraightX / 2 + Corner * sin, Y, z - Corner * cos), new(cos, 0, sin));
        }
    }

    private static void Shell(SetBuilder set)
    {
        var boards = new Material(Patterns.Planks(new(0.36f, 0.22f, 0.13f), new(0.76f, 0.56f, 0.38f), 101)) { Tile = 1.7f, Weathering = 0.3f, LightTexel = 0.06f };
        var paper = new Material(Patterns.Wallpaper(new(0.8f, 0.77f, 0.68f), new(0.5f, 0.3f, 0.28f), 102)) { Tile = 1.4f, Weathering = 0.5f, LightTexel = 0.08f };
        var plaster = new Material(Patterns.Plaster(new(0.74f, 0.72f, 0.62f), 0.5f, 103)) { Tile = 1.3f, Weathering = 0.6f, LightTexel = 0.08f };
        var brick = new Material(Patterns.Bricks(new(0.5f, 0.3f, 0.22f), new(0.82f, 0.6f, 0.46f), new(0.78f, 0.75f, 0.7f), 104)) { Tile = 1.9f, Weathering = 0.5f, LightTexel = 0.08f };
        var ceiling = new Material(Patterns.Plaster(new(0.86f, 0.85f, 0.82f), 0.4f, 105)) { Tile = 1.6f, Weathering = 0.5f, LightTexel = 0.15f };
        var green = new Material(Patterns.Plaster(new(0.55f, 0.66f, 0.58f), 0.5f, 106)) { Tile = 1.1f, Weathering = 0.6f, LightTexel = 0.08f };
        var stone = new Material(Patterns.Speckle(new(0.42f, 0.4f, 0.38f), new(0.85f, 0.82f, 0.76f), 108)) { Tile = 1.6f, Weathering = 0.3f, LightTexel = 0.06f };
        set.Room(new(-Side, Ceiling, -Depth), new(Side, 0, Depth), [paper, brick, ceiling, boards, plaster, paper]);
        // the kitchen has a floor and walls of its own
        set.Box("kitchen floor", new(2.02, -0.01, 0), new(3.96, 0.02, 2 * Depth), stone);
        set.Box("kitchen wall", new(2.02, Ceiling / 2, Depth - 0.01), new(3.96, -Ceiling, 0.02), green);
        set.Box("kitchen wall", new(2.02, Ceiling / 2, -Depth + 0.01), new(3.96, -Ceiling, 0.02), green);
        Material[] wall = [plaster, green, ceiling, White, White, White];
        const double Gap = DoorWidth / 2;
        set.Box("partition", new(0, Ceiling / 2, 0), new(0.14, -Ceiling, 2 * (Doorway - Gap)), wall);
        foreach (int side in new[] { -1, 1 })
        {
            double pier = Depth - Doorway - Gap;
            set.Box("partition", new(0, Ceiling / 2, side * (Depth - pier / 2)), new(0.14, -Ceiling, pier), wall);
            set.Box("partition", new(0, (Ceiling - DoorHeight) / 2, side * Doorway), new(0.14, -Ceiling - DoorHeight, DoorWidth), wall);
            foreach (double z in new[] { -Gap - 0.03, Gap + 0.03 }) set.Box("door frame", new(0, -DoorHeight / 2, side * Doorway + z), new(0.2, DoorHeight, 0.1), White);
            set.Box("door frame", new(0, -DoorHeight - 0.03, side * Doorway), new(0.2, 0.1, DoorWidth + 0.16), White);
        }
        foreach (double z in new[] { -Depth + 0.012, Depth - 0.012 }) set.Box("skirting", new(-2.04, -0.06, z), new(3.92, 0.12, 0.024), White);
        set.Box("skirting", new(-Side + 0.012, -0.06, 0), new(0.024, 0.12, 2 * Depth), White);
        var beam = RoomSet.Wood(new(0.26f, 0.16f, 0.1f), new(0.5f, 0.33f, 0.2f), 109);
        foreach (double x in new[] { -3.2, -1.1, 1.0, 3.1 }) set.Box("beam", new(x, Ceiling + 0.07, 0), new(0.14, 0.14, 2 * Depth - 0.05), beam);
    }

    private static void SittingRoom(SetBuilder set)
    {
        var rug = new Material(Patterns.Rug(110)) { Tile = 0, LightTexel = 0.05f };
        set.Box("rug", new(-1.9, -0.005, 0), new(2.6, 0.01, 1.7), rug, 3);
        RoomSet.Bookcase(set, new(-2.3, 0, Depth - 0.19));
        var wood = RoomSet.Wood(new(0.36f, 0.19f, 0.1f), new(0.68f, 0.42f, 0.23f), 112);
        set.Drum("round table", new(-1.05, -0.6, 0), 0.04, 0.42, [wood]);
        set.Pole("round table", new(-1.05, -0.3, 0), 0.58, 0.05, wood);
        RoomSet.Plant(set, new(-1.05, -0.62, 0.02), 0.5, 113, "table plant");
        RoomSet.Book(set, new(-1.2, -0.645, -0.22), new(0.24, 0.05, 0.17), 25, new(0.6f, 0.2f, 0.16f), 114);
        RoomSet.Chair(set, new(-2.1, 0, 0.25), -60);
        RoomSet.Plant(set, new(-3.6, 0, 2.1), 1.3, 115, "plant");
        // a chest of drawers by the near wall
        set.Box("chest", new(-2.6, -0.42, -Depth + 0.24), new(1.3, 0.84, 0.44), wood);
        for (int i = 0; i < 6; i++)
            set.Box("chest", new(-2.92 + 0.64 * (i % 2), -0.18 - 0.25 * (i / 2), -Depth + 0.465), new(0.58, 0.21, 0.02), RoomSet.Wood(new(0.45f, 0.26f, 0.14f), new(0.78f, 0.53f, 0.3f), 116 + i));
        var clay = new Material(Patterns.Mottle(new(0.16f, 0.34f, 0.5f), new(0.75f, 0.85f, 0.88f), 6, 123)) { Tile = 0.3f, LightTexel = 0.03f };
        set.Ellipsoid("vase", new(-2.2, -1.02, -Depth + 0.24), new(0.11, 0.18, 0.11), clay, Rotation.Identity);
        RoomSet.Book(set, new(-2.8, -0.87, -Depth + 0.24), new(0.3, 0.06, 0.22), 15, new(0.2f, 0.3f, 0.45f), 124);
        Window(set, new(-Side + 0.03, -1.5, 0.2), new(0.04, 1.2, 1.6), 125);
        RoomSet.Picture(set, new(-0.09, -1.5, 0.1), 0.9, 0.7, Patterns.Landscape(126), facing: 'r');
        RoomSet.Picture(set, new(-3.55, -1.55, Depth - 0.02), 0.5, 0.65, Patterns.Mosaic(127), facing: 'b');
        RoomSet.Picture(set, new(-0.85, -1.5, Depth - 0.02), 0.8, 0.6, Patterns.Landscape(128), facing: 'b');
        RoomSet.Picture(set, new(-Side + 0.02, -1.5, -1.6), 0.7, 0.9, Patterns.Mosaic(129), facing: 'l');
        RoomSet.Picture(set, new(-Side + 0.02, -1.6, 1.7), 0.5, 0.4, Patterns.Landscape(130), facing: 'l');
        Poster(set, new(-2.55, -1.65, -Depth + 0.02), new(0.9, 0.7, 0.03), Patterns.Mosaic(131));
        Poster(set, new(-0.9, -1.5, -Depth + 0.02), new(0.6, 0.8, 0.03), Patterns.Landscape(132));
        Lamp(set, new(-2.1, Ceiling + 0.02, 0));
    }

    private static void Kitchen(SetBuilder set)
    {
        var front = RoomSet.Wood(new(0.25f, 0.34f, 0.38f), new(0.5f, 0.6f, 0.62f), 140);
        var top = new Material(Patterns.Speckle(new(0.2f, 0.2f, 0.22f), new(0.75f, 0.74f, 0.72f), 141)) { Tile = 0.9f, LightTexel = 0.06f };
        var steel = new Material(Patterns.Mottle(new(0.4f, 0.4f, 0.42f), new(0.75f, 0.76f, 0.78f), 4, 142)) { Tile = 0.4f, LightTexel = 0.06f };
        // the island in the middle
        set.Box("island", new(1.05, -0.44, 0), new(0.7, 0.86, 0.9), RoomSet.Wood(new(0.4f, 0.25f, 0.15f), new(0.72f, 0.5f, 0.3f), 143));
        set.Box("island", new(1.05, -0.89, 0), new(0.8, 0.04, 1.0), top);
        var glaze = new Material(Patterns.Mottle(new(0.7f, 0.3f, 0.15f), new(0.95f, 0.75f, 0.5f), 6, 144)) { Tile = 0.3f, LightTexel = 0.03f };
        set.Drum("bowl", new(1.1, -0.96, 0.1), 0.1, 0.18, [glaze]);
        Rgb[] fruit = [new(0.72f, 0.12f, 0.08f), new(0.85f, 0.55f, 0.12f), new(0.5f, 0.62f, 0.14f)];
        for (int i = 0; i < 3; i++)
            set.Ball("fruit", new(1.1 + 0.08 * Math.Cos(2.1 * i), -1.03, 0.1 + 0.08 * Math.Sin(2.1 * i)), 0.06,
                new(Patterns.Mottle(fruit[i] * 0.7f, fruit[i] + new Rgb(0.12f, 0.12f, 0.05f), 5, 145 + i)) { Tile = 0.25f, LightTexel = 0.03f });
        RoomSet.Book(set, new(0.95, -0.94, -0.3), new(0.2, 0.06, 0.26), 20, new(0.75f, 0.7f, 0.3f), 148);
        // cupboards along the far wall, above and below
        set.Box("worktop", new(Side - 0.31, -0.88, 0), new(0.62, 0.04, 3.4), top);
        for (int i = 0; i < 6; i++)
        {
            double z = -1.4 + 0.56 * i;
            set.Box("cupboard", new(Side - 0.3, -0.43, z), new(0.56, 0.84, 0.54), i == 2 ? steel : front);
            if (i is not 2 and not 3) set.Box("cupboard", new(Side - 0.18, -1.85, z), new(0.34, 0.7, 0.54), front);
        }
        Rgb[] jars = [new(0.7f, 0.2f, 0.15f), new(0.85f, 0.7f, 0.3f), new(0.25f, 0.45f, 0.3f), new(0.3f, 0.35f, 0.6f), new(0.8f, 0.78f, 0.7f)];
        for (int i = 0; i < 5; i++)
            set.Drum("jar", new(Side - 0.25, -1.0 - 0.01 * (i % 3), -1.2 + 0.5 * i + 0.1 * (i % 2)), 0.2 + 0.02 * (i % 3), 0.07,
                [new(Patterns.Mottle(jars[i] * 0.6f, jars[i], 5, 150 + i)) { Tile = 0.25f, LightTexel = 0.04f }, steel, steel]);
        Window(set, new(1.4, -1.6, -Depth + 0.05), new(1.8, 1.0, 0.04), 156);
        // a dresser with plates by the other wall
        var pine = RoomSet.Wood(new(0.5f, 0.34f, 0.18f), new(0.85f, 0.66f, 0.42f), 157);
        set.Box("dresser", new(2.0, -0.42, Depth - 0.24), new(1.3, 0.84, 0.4), pine);
        foreach (double y in new[] { -1.2, -1.55, -1.9 }) set.Box("dresser", new(2.0, y, Depth - 0.14), new(1.3, 0.03, 0.22), pine);
        for (int i = 0; i < 9; i++)
            set.Ellipsoid("plate", new(1.55 + 0.42 * (i % 3), -1.34 - 0.35 * (i / 3) + 0.02 * (i % 2), Depth - 0.12), new(0.12, 0.12, 0.02),
                new(Patterns.Mosaic(160 + i)) { Tile = 0.35f, LightTexel = 0.05f }, Rotation.Exp(new(-0.15, 0, 0.4 * i)));
        RoomSet.Chair(set, new(3.0, 0, 1.9), 150);
        RoomSet.Plant(set, new(0.45, 0, Depth - 0.3), 0.9, 170, "kitchen plant");
        RoomSet.Picture(set, new(0.09, -1.5, -0.1), 0.7, 0.9, Patterns.Mosaic(171), facing: 'l');
        RoomSet.Picture(set, new(3.3, -1.6, Depth - 0.04), 0.6, 0.5, Patterns.Landscape(172), facing: 'b');
        Poster(set, new(3.1, -1.5, -Depth + 0.04), new(0.7, 0.9, 0.03), Patterns.Mosaic(173));
        var board = new Material(Patterns.Cloth(new(0.5f, 0.3f, 0.2f), new(0.9f, 0.8f, 0.6f), 174)) { Tile = 0.4f, LightTexel = 0.05f };
        set.Box("towel", new(0.35, -1.1, -Depth + 0.05), new(0.35, 0.7, 0.04), board);
        Lamp(set, new(1.9, Ceiling + 0.02, 0.1));
    }

    private static void Window(SetBuilder set, Vector3 at, Vector3 size, int seed)
    {
        set.Glow("window", at, size, new Material(Patterns.Garden(seed)) { Tile = 0, Emission = 4.5f, LightTexel = 1 });
        bool alongZ = size.Z > size.X;
        double length = alongZ ? size.Z : size.X;
        foreach (double a in new[] { -0.5, 0.0, 0.5 })
            set.Box("window frame", at + (alongZ ? new Vector3(0, 0, a * length) : new(a * length, 0, 0)), alongZ ? new(0.12, size.Y + 0.1, 0.06) : new(0.06, size.Y + 0.1, 0.12), White);
        foreach (double b in new[] { -0.5, -0.1, 0.5 })
            set.Box("window frame", at + new Vector3(0, b * size.Y, 0), alongZ ? new(0.12, 0.06, length) : new(length, 0.06, 0.12), White);
    }

    private static void Poster(SetBuilder set, Vector3 at, Vector3 size, Lazy<Texture> art) =>
        set.Box("poster", at, size, [White, White, White, White, White, new Material(art) { Tile = 0, LightTexel = 0.06f }]);

    private static void Lamp(SetBuilder set, Vector3 at) =>
        set.Glow("ceiling lamp", at, new(1.0, 0.03, 1.0), new Material(Patterns.Plain(new(1f, 0.95f, 0.85f), 180)) { Tile = 0.8f, Emission = 2.6f, LightTexel = 1 });
}
