using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>
/// A Python script for Blender 2.8 and later: makes the camera with its lens, sets the scene's size and frame rate, gives the camera a
/// key for each frame, and shows the clip behind it. Frame n of the clip is Blender's frame n + 1; the world has z up.
/// </summary>
internal static class BlenderScript
{
    private const double SensorMillimetres = 36;

    // Blender's own limits of Render: fps is a whole number, pixel aspects are 1..200
    private const int MostFramesPerSecond = 32767;

    public static IReadOnlyList<CameraFile> Files(ExportedPath path) => [CameraFile.Text("", text => Write(path, text))];

    private static void Write(ExportedPath path, TextWriter text)
    {
        var k = path.Camera;
        double rate = path.FrameRate.Value;
        double fps = Math.Clamp(Math.Round(rate), 1, MostFramesPerSecond);
        // fy = fx · aspect x / aspect y
        double aspectX = Math.Max(1, k.Fy / k.Fx), aspectY = Math.Max(1, k.Fx / k.Fy);
        string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
        text.WriteLine("# Builds an animated camera in Blender (2.8 or later): Scripting > Open > Run Script.");
        text.WriteLine($"# Written by MetricDepth; lengths are {path.Unit}, z is up as far as the first frame was level.");
        text.WriteLine("import bpy");
        text.WriteLine();
        text.WriteLine(Line($"CLIP = {PythonLiteral.Of(path.ColorPath)}"));
        text.WriteLine(Line($"WIDTH, HEIGHT = {k.Width}, {k.Height}"));
        text.WriteLine(Line($"FPS, FPS_BASE = {fps}, {fps / rate}"));
        text.WriteLine(Line($"ASPECT_X, ASPECT_Y = {aspectX}, {aspectY}"));
        text.WriteLine(Line($"SENSOR, FOCAL_LENGTH = {SensorMillimetres}, {k.Fx * SensorMillimetres / k.Width}"));
        // the camera is moved the way the principal point is off the middle, in widths of the sensor
        text.WriteLine(Line($"SHIFT_X, SHIFT_Y = {((k.Width - 1) / 2.0 - k.Cx) / k.Width}, {(k.Cy - (k.Height - 1) / 2.0) * aspectY / aspectX / k.Width}"));
        text.WriteLine("# frame, location, rotation (w, x, y, z)");
        text.WriteLine("POSES = [");
        UnitQuaternion? last = null;
        foreach (var (frame, pose) in path.Poses)
        {
            path.Cancellation.ThrowIfCancellationRequested();
            var (rotation, t) = WorldAxes.ToGraphics(pose);
            var q = UnitQuaternion.From(rotation);
            // of the two signs the one nearer to the last: between keys Blender goes straight from number to number
            if (last is { } before && UnitQuaternion.Dot(before, q) < 0) q = -q;
            last = q;
            text.WriteLine(Line($"    ({frame + 1}, ({t.X}, {t.Y}, {t.Z}), ({q.W}, {q.X}, {q.Y}, {q.Z})),"));
        }
        text.Write(Body);
    }

    private const string Body = """
        ]

        scene = bpy.context.scene
        render = scene.render
        render.resolution_x, render.resolution_y, render.resolution_percentage = WIDTH, HEIGHT, 100
        render.pixel_aspect_x, render.pixel_aspect_y = ASPECT_X, ASPECT_Y
        render.fps, render.fps_base = FPS, FPS_BASE
        scene.frame_start, scene.frame_end = POSES[0][0], POSES[-1][0]

        lens = bpy.data.cameras.new("MetricDepth camera")
        lens.sensor_fit = "HORIZONTAL"
        lens.sensor_width = SENSOR
        lens.lens = FOCAL_LENGTH
        lens.shift_x, lens.shift_y = SHIFT_X, SHIFT_Y
        lens.clip_start, lens.clip_end = 0.01, 1000.0

        camera = bpy.data.objects.new("MetricDepth camera", lens)
        scene.collection.objects.link(camera)
        camera.rotation_mode = "QUATERNION"
        for frame, location, rotation in POSES:
            camera.location = location
            camera.rotation_quaternion = rotation
            camera.keyframe_insert(data_path="location", frame=frame)
            camera.keyframe_insert(data_path="rotation_quaternion", frame=frame)
        # straight lines between keys; Blender 5 keeps curves elsewhere, and its default will do
        action = camera.animation_data.action if camera.animation_data else None
        for curve in getattr(action, "fcurves", None) or []:
            for key in curve.keyframe_points:
                key.interpolation = "LINEAR"
        scene.camera = camera
        scene.frame_set(POSES[0][0])

        if CLIP is not None:
            try:
                image = bpy.data.images.load(CLIP, check_existing=True)
            except RuntimeError as problem:
                print("The clip is not shown:", problem)
            else:
                image.source = "MOVIE"
                lens.show_background_images = True
                background = lens.background_images.new()
                background.image = image
                background.image_user.frame_start = 1
                background.image_user.frame_duration = POSES[-1][0]
                background.alpha = 0.5

        """;
}
