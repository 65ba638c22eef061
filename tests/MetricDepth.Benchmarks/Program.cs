using System.Globalization;
using MetricDepth.Benchmarks;
using MetricDepth.Scenes.Checkpoints;

return args switch
{
    [] => StereoBenchmark.Run([]),
    ["rows"] => RowWarpBenchmark.Run(),
    ["pictures"] => PictureBenchmark.Run(),
    ["raster", .. var files] => RasterBenchmark.Run(files),
    ["pose", var folder] => PoseBenchmark.Run(folder, null),
    ["pose", var folder, var depth] => PoseBenchmark.Run(folder, depth),
    ["depth", .. var rooms] => DepthBenchmark.Run(rooms),
    ["adjustment"] => AdjustmentBenchmark.Run(),
    ["fov", .. var clips] => FieldOfViewBenchmark.Run(clips),
    ["poses-scenes", .. var scenes] => ScenePoseBenchmark.Run(scenes),
    ["tracks", "scenes"] => TrackBenchmark.Scenes(),
    ["tracks", var clip, var points] => TrackBenchmark.Run(clip, points),
    ["network"] => NetworkBenchmark.Run("s", "504x280"),
    ["network", var letter, var size] => NetworkBenchmark.Run(letter, size),
    ["network-part", var file, var size, var part] => NetworkBenchmark.Part(file, size, part),
    ["stereo", .. var options] => StereoBenchmark.Run(options),
    ["clip", var folder, var width, var height, var frames] => WriteClip(folder, Number(width), Number(height), Number(frames)),
    ["clouds"] => CloudBenchmark.Run(null),
    ["clouds", var folder] => CloudBenchmark.Run(folder),
    ["export", var listing, .. var more] => ExportBenchmark.Run([listing, .. more]),
    ["inference", .. var options] => InferenceBenchmark.Run(options),
    ["inference-part", var way, var file, var clip, var size, var frames, var destination] => InferenceBenchmark.Part(way, file, clip, size, frames, destination),
    ["scene", var folder, .. var options] => VolumeBenchmark.Run(folder, options),
    ["gpu", var device] => GpuBenchmark.Run(device),
    ["checkpoint", var listing, var file] => WriteCheckpoint(listing, file),
    _ => Usage(),
};

static int WriteClip(string folder, int width, int height, int frames)
{
    Console.WriteLine(TexturedWalk.Write(Directory.CreateDirectory(folder).FullName, width, height, frames).Path);
    return 0;
}

static int WriteCheckpoint(string listing, string file)
{
    RandomCheckpoint.Write(file, listing, seed: 1);
    return 0;
}

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("""
        usage: MetricDepth.Benchmarks
            [stereo [--frames N] [--pairs N]
            | rows
            | pictures
            | raster
            | pose ROOM [DEPTH]
            | adjustment
            | poses-scenes [loop|spin|sway|street|crowd ...]
            | fov [CLIP...]
            | depth [ROOM...]
            | tracks scenes
            | tracks CLIP POINTS
            | checkpoint LISTING FILE
            | inference [--clip FILE] [--letter s|b|l] [--size SHORTER_SIDE] [--frames N] [--pairs N] [--without-whole]
            | gpu DEVICE
            | scene ROOM [--stream] [--uniform] [--threads N] [--rounds N] [--voxel METRES] [--limit MB] [--piece TRIANGLES] [--weight W] [--path CAMERA_PATH] [--out FILE.ply]
            | clouds [FOLDER]
            | export LISTING...
            | network [s|b|l WIDTHxHEIGHT] | network-part CHECKPOINT WIDTHxHEIGHT encoder:N|temporal:0|decoder:N|whole:N[:profile]
            | clip FOLDER WIDTH HEIGHT FRAMES]
        """);
    return 2;
}
