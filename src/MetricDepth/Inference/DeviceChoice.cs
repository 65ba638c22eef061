namespace MetricDepth.Inference;

/// <summary>What runs the networks, and why.</summary>
/// <param name="Device">Never <see cref="InferenceDevice.Auto"/>.</param>
/// <param name="Precision">What networks that are made here calculate with; never <see cref="InferencePrecision.Auto"/>.</param>
/// <param name="Message">Which device was taken, and why none that is faster.</param>
/// <param name="Kind">A warning where a GPU is there but cannot be used, otherwise a detail.</param>
public sealed record DeviceChoice(InferenceDevice Device, InferencePrecision Precision, string Message, MessageKind Kind)
{
    /// <summary>Tells the user.</summary>
    public void Report(IProgress<FrameProgress>? progress) =>
        progress?.Report(Kind == MessageKind.Warning ? FrameProgress.Warning(Message) : FrameProgress.Verbose(Message));
}
