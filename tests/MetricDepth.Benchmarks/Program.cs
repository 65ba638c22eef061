using MetricDepth.Benchmarks;

return args switch
{
    [] => StereoBenchmark.Run([]),
    ["rows"] => RowWarpBenchmark.Run(),
    ["stereo", .. var options] => StereoBenchmark.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: MetricDepth.Benchmarks [stereo [--frames N] [--pairs N] | rows]");
    return 2;
}
