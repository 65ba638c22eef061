using System.Collections.Concurrent;
using System.Globalization;

namespace MetricDepth.Inference;

/// <summary>Finds out which device can run networks.</summary>
public static class InferenceDevices
{
    private static readonly ConcurrentDictionary<InferenceDevice, DeviceProbe> Usable = new();

    /// <summary>
    /// Settles on a device and a precision, before a network is made for them. <see cref="InferenceDevice.Auto"/> takes the GPU
    /// (CUDA; on Windows DirectML next) when its provider and its driver load and it calculates 1 + 1, otherwise the CPU.
    /// </summary>
    /// <param name="options">What the user asked for.</param>
    /// <exception cref="MetricDepthException"><c>DeviceUnavailable</c>: a device asked for by name cannot be had;
    /// <c>OnnxRuntimeMissing</c>.</exception>
    public static DeviceChoice Resolve(OnnxModelOptions options) => Resolve(options, Probe);

    /// <summary>As the public one, with another way to find out what works.</summary>
    internal static DeviceChoice Resolve(OnnxModelOptions options, Func<InferenceDevice, DeviceProbe> probe)
    {
        if (options.Device == InferenceDevice.Cpu) return Take(InferenceDevice.Cpu, OnCpu(options) + ".", MessageKind.Verbose);
        if (options.Device != InferenceDevice.Auto)
        {
            var asked = probe(options.Device);
            return asked.Works ? Take(options.Device, $"The network runs on {Name(options.Device)}.", MessageKind.Verbose)
                : throw new MetricDepthException("DeviceUnavailable", FailureKind.MissingDependency,
                    $"-Device {options.Device} cannot be had: {asked.Reason}. {asked.Advice} Or use -Device Auto, which takes what there is.");
        }
        DeviceProbe? worth = null;
        foreach (var device in Automatic)
        {
            var found = probe(device);
            if (found.Works) return Take(device, $"The network runs on {Name(device)}.", MessageKind.Verbose);
            if (worth is null || found.HardwareSeen && !worth.HardwareSeen) worth = found;
        }
        return worth switch
        {
            null => Take(InferenceDevice.Cpu, OnCpu(options) + ".", MessageKind.Verbose),
            { HardwareSeen: false } => Take(InferenceDevice.Cpu, $"{OnCpu(options)}: {worth.Reason}.", MessageKind.Verbose),
            _ => Take(InferenceDevice.Cpu,
                $"{OnCpu(options)}, because {Name(worth.Device)} cannot be used: {worth.Reason}. {worth.Advice} -Device Cpu does without, and without this warning.", MessageKind.Warning),
        };

        DeviceChoice Take(InferenceDevice device, string message, MessageKind kind) => new(device, Precision(device, options.Precision), message, kind);
    }

    /// <summary>What a network made here calculates with: float16 where it is about twice as fast, on CUDA.</summary>
    private static InferencePrecision Precision(InferenceDevice device, InferencePrecision asked) =>
        asked != InferencePrecision.Auto ? asked
        : device == InferenceDevice.Cuda ? InferencePrecision.Float16
        : InferencePrecision.Float32;

    /// <summary>CoreML is not among them: it calculates with 16 bits of its own accord, so it has to be asked for.</summary>
    private static ReadOnlySpan<InferenceDevice> Automatic =>
        OperatingSystem.IsMacOS() ? []
        : OperatingSystem.IsWindows() ? [InferenceDevice.Cuda, InferenceDevice.DirectML]
        : [InferenceDevice.Cuda];

    private static string OnCpu(OnnxModelOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"The network runs on the CPU ({options.Threads} thread{(options.Threads == 1 ? "" : "s")})");

    private static string Name(InferenceDevice device) => device switch
    {
        InferenceDevice.Cuda => "the NVIDIA GPU (CUDA)",
        InferenceDevice.DirectML => "the GPU (DirectML)",
        InferenceDevice.CoreML => "CoreML",
        _ => "the CPU",
    };

    /// <summary>Only what works is remembered: what does not may be installed meanwhile.</summary>
    private static DeviceProbe Probe(InferenceDevice device)
    {
        if (Usable.TryGetValue(device, out var known)) return known;
        var probe = OnnxFailure.Guard(() => ExecutionProvider.Probe(device));
        if (probe.Works) Usable[device] = probe;
        return probe;
    }
}

/// <summary>Whether a device runs networks.</summary>
/// <param name="Device">Which.</param>
/// <param name="HardwareSeen">Whether this machine seems to have one, so that its user may expect it to be used.</param>
/// <param name="Reason">Why it does not work, without a full stop; null if it works.</param>
/// <param name="Advice">A sentence: what to do about it.</param>
internal sealed record DeviceProbe(InferenceDevice Device, bool HardwareSeen, string? Reason, string Advice)
{
    public bool Works => Reason is null;
}
