using System.Diagnostics;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
var w = Stopwatch.StartNew();
var scene = args[0] switch { "Room" => Scene.Room, "Poles" => Scene.Poles, "Floor" => Scene.Floor, _ => Scene.Runner };
Console.WriteLine($"build {w.ElapsedMilliseconds} ms");
var cam = Intrinsics.FromFieldOfView(Convert.ToInt32(args[1], System.Globalization.CultureInfo.InvariantCulture), Convert.ToInt32(args[2], System.Globalization.CultureInfo.InvariantCulture), 63, null);
foreach (var f in args[3..])
{
    w.Restart();
    var r = scene.Render(Convert.ToInt32(f, System.Globalization.CultureInfo.InvariantCulture), cam);
    Console.WriteLine($"frame {w.ElapsedMilliseconds} ms");
    File.WriteAllBytes($"/tmp/scenes/{args[0]}-{f}.raw", r.Color.Bytes.ToArray());
    File.WriteAllBytes($"/tmp/scenes/{args[0]}-{f}.f32", r.Depth.Bytes.ToArray());
}
w.Restart();
for (int i = 0; i < 5; i++) scene.Render(i, cam, 0, 1);
Console.WriteLine($"one thread {w.ElapsedMilliseconds / 5} ms");
return 0;
