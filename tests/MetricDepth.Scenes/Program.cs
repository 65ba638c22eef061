using System.Globalization;
using MetricDepth;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Video;

const string Usage = """
    MetricDepth.Scenes SCENE <out> [options]
    films a scene: H.264 if <out> ends in .mp4, lossless if in .mkv
    SCENE is walk, poles, floor, turning, still or runner, or one made for following the camera:
      loop (round two rooms, 14.7 s), spin (all round on a tripod, 10 s), sway (the same by hand), street (straight on), crowd (a third of it moves)
      --size 960x540     picture size, px            --depth <file.mkv>   also write the exact depth
      --seconds 4        length                      --path <file.json>   also write the exact camera path
      --fps 25           frame rate                  --right <file.mp4>   also write the true right eye, 63 mm beside
      --fov 63           horizontal field of view, degrees
    """;

try
{
    if (args.Length < 2 || args.Length % 2 != 0) return Fail(Usage);
    var options = new Dictionary<string, string>();
    for (int i = 2; i < args.Length; i += 2)
        if (args[i] is "--size" or "--seconds" or "--fps" or "--fov" or "--depth" or "--path" or "--right") options[args[i]] = args[i + 1];
        else return Fail($"'{args[i]}' is not an option.\n{Usage}");
    string[] size = options.GetValueOrDefault("--size", "960x540").Split('x');
    if (size.Length != 2 || !int.TryParse(size[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
        || !int.TryParse(size[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height) || width is < 16 or > 8192 || height is < 16 or > 8192)
        return Fail("--size is to be like 960x540.");
    if (!Rational.TryParse(options.GetValueOrDefault("--fps", "25"), out var rate)) return Fail("--fps is to be a number or a fraction like 30000/1001.");
    if (!TryNumber("--seconds", "4", out double seconds) || seconds <= 0) return Fail("--seconds is to be a positive number.");
    if (!TryNumber("--fov", "63", out double fov)) return Fail("--fov is to be a number of degrees.");
    var scene = args[0] switch
    {
        "walk" => Scene.Room,
        "poles" => Scene.Poles,
        "floor" => Scene.Floor,
        "turning" => Scene.Turning,
        "still" => Scene.Still,
        "runner" => Scene.Runner,
        "loop" => Scene.Loop,
        "spin" => Scene.Spin,
        "sway" => Scene.SwayingSpin,
        "street" => Scene.Walk,
        "crowd" => Scene.Crowd,
        _ => null,
    };
    if (scene is null) return Fail($"There is no scene '{args[0]}'.\n{Usage}");

    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, e) =>
    {
        e.Cancel = true;
        stop.Cancel();
    };
    int frames = Math.Max(1, (int)Math.Round(seconds * rate.Value));
    var clip = SceneClip.Run(new()
    {
        Scene = scene.WithFrameRate(rate),
        Destination = args[1],
        Camera = Intrinsics.FromFieldOfView(width, height, fov, null),
        Frames = frames,
        Sound = args[0] == "walk",
        DepthPath = options.GetValueOrDefault("--depth"),
        CameraPath = options.GetValueOrDefault("--path"),
        RightEyePath = options.GetValueOrDefault("--right"),
    }, Filmed, stop.Token);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{clip.Path}: {clip.Width}x{clip.Height}, {clip.FrameCount} frames at {clip.FrameRate} a second, horizontal field of view {fov} degrees"));
    return 0;

    bool TryNumber(string name, string otherwise, out double value) =>
        double.TryParse(options.GetValueOrDefault(name, otherwise), NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    void Filmed(int done)
    {
        if (Console.IsErrorRedirected) return;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rFilming: frame {done} of {frames}"));
        if (done == frames) Console.Error.WriteLine();
    }
}
catch (OperationCanceledException)
{
    return Fail("Cancelled.");
}
catch (MetricDepthException e)
{
    return Fail(e.Message);
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}
