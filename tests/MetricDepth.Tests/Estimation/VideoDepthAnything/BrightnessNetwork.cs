using MetricDepth.Estimation;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>In the place of a metric single-image network: what is bright is near.</summary>
internal sealed class BrightnessNetwork : IImageNetwork
{
    /// <summary>How often it ran.</summary>
    public int Runs { get; private set; }

    public string Name => "Brightness";

    public OutputMeaning Meaning => OutputMeaning.Depth;

    public bool IsMetric => true;

    public string Because => "the test says so";

    public DeviceChoice Device { get; } = new(InferenceDevice.Cpu, InferencePrecision.Float32, "The network runs on the CPU.", MessageKind.Verbose);

    public (int Width, int Height) FrameSize { get; private set; }

    public (int Width, int Height) InputSize => FrameSize;

    public int InputLength => FrameSize.Width * FrameSize.Height;

    /// <summary>What it says of one of the official frames.</summary>
    public static Plane<float> Depth(int frame)
    {
        var (rgb, shape) = ModelFixture.Pixels("vda_tiny_video_frames_u8.npy");
        var plane = new Plane<float>(shape[2], shape[1]);
        for (int i = 0; i < plane.Data.Length; i++) plane.Data[i] = Metres(rgb[3 * (frame * plane.Data.Length + i) + 1]);
        return plane;
    }

    public void Prepare(EstimationJob job) => FrameSize = (job.Width, job.Height);

    public void Fill(Plane<uint> frame, Span<float> input)
    {
        for (int i = 0; i < input.Length; i++) input[i] = (byte)(frame.Data[i] >> 8);
    }

    public void Infer(Memory<float> input, NetworkMap map, CancellationToken cancellation)
    {
        Runs++;
        var values = map.Allocate(FrameSize.Width, FrameSize.Height);
        for (int i = 0; i < values.Length; i++) values[i] = Metres(input.Span[i]);
    }

    public void Resize<TLaw>(NetworkMap map, Plane<float> depth, TLaw law) where TLaw : struct, IDepthLaw
    {
        for (int i = 0; i < depth.Data.Length; i++) depth.Data[i] = law.Metres(map.Values[i]);
    }

    public void Dispose()
    {
    }

    private static float Metres(float green) => 1 + (255 - green) / 50;
}
