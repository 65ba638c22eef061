using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MetricDepth.Inference;

/// <summary>ONNX Runtime's execution providers: put into a session's settings, and tried out.</summary>
internal static class ExecutionProvider
{
    private const string Cuda = "CUDAExecutionProvider", DirectML = "DmlExecutionProvider", CoreML = "CoreMLExecutionProvider";

    private const string Fetch = "Install-DepthModel -Runtime Cuda fetches it.";

    private static readonly Lock Gate = new();
    private static string? registeredCuda;

    /// <summary>x + x for one number: runs a kernel on the device, which a driver that is too old for the provider does not survive.</summary>
    /// <remarks>An ONNX model (IR 8, opset 17): node Add(x, x) → y; both float32 [1].</remarks>
    private static readonly byte[] Doubling =
    [
        0x08, 8, // ir_version
        0x42, 2, 0x10, 17, // opset_import { version }
        0x3A, 53, // graph
            0x0A, 14, 0x0A, 1, (byte)'x', 0x0A, 1, (byte)'x', 0x12, 1, (byte)'y', 0x22, 3, (byte)'A', (byte)'d', (byte)'d',
            0x12, 1, (byte)'p',
            0x5A, 15, 0x0A, 1, (byte)'x', 0x12, 10, 0x0A, 8, 0x08, 1, 0x12, 4, 0x0A, 2, 0x08, 1,
            0x62, 15, 0x0A, 1, (byte)'y', 0x12, 10, 0x0A, 8, 0x08, 1, 0x12, 4, 0x0A, 2, 0x08, 1,
    ];

    /// <summary>Loads a device's provider and its driver and lets them calculate. Never throws for what is wrong with the device.</summary>
    /// <param name="device">Which.</param>
    /// <param name="provider">The CUDA provider's library; null to look for it.</param>
    /// <param name="driver">The driver's library; null for the platform's.</param>
    public static DeviceProbe Probe(InferenceDevice device, string? provider = null, string? driver = null)
    {
        driver ??= DriverLibrary;
        bool seen = device != InferenceDevice.Cuda || IsThere(driver);
        try
        {
            using var settings = OnnxRuntimeLibrary.NewSessionOptions();
            Append(settings, device, null, provider);
            using var session = new InferenceSession(Doubling, settings);
            using var input = OrtValue.CreateTensorValueFromMemory([1f], [1]);
            using var run = new RunOptions();
            using var result = session.Run(run, ["x"], [input], ["y"]);
            return result[0].GetTensorDataAsSpan<float>()[0] == 2 ? new(device, true, null, "")
                : new(device, true, "it calculates wrongly", "Update its driver.");
        }
        catch (ProviderMissingException e)
        {
            return device switch
            {
                InferenceDevice.Cuda when !seen => new(device, false, $"no NVIDIA driver was found ({driver})", "Install the NVIDIA driver first."),
                InferenceDevice.Cuda => new(device, true, e.Message, e.Advice),
                _ => new(device, false, e.Message, e.Advice),
            };
        }
        catch (OnnxRuntimeException e)
        {
            string reason = OnnxFailure.Reason(e);
            return device switch
            {
                InferenceDevice.Cuda when !seen => new(device, false, $"no NVIDIA driver was found ({driver}); the provider says: {reason}", "Install the NVIDIA driver first."),
                InferenceDevice.Cuda => new(device, true, reason,
                    string.Create(CultureInfo.InvariantCulture, $"Install CUDA {CudaRuntime.CudaVersion} and cuDNN 9, and an NVIDIA driver of their age.")),
                _ => new(device, true, reason, "Update the GPU's driver."),
            };
        }
        catch (EntryPointNotFoundException)
        {
            return new(device, false, "this build of ONNX Runtime has no provider for it", "Take another device.");
        }
    }

    /// <summary>Puts a device in front of the CPU.</summary>
    /// <exception cref="ProviderMissingException">There is no provider for it.</exception>
    /// <exception cref="OnnxRuntimeException">The provider or what it needs does not load.</exception>
    public static void Append(SessionOptions settings, InferenceDevice device, long? memoryLimit, string? provider = null)
    {
        switch (device)
        {
            case InferenceDevice.Cuda:
                AppendCuda(settings, memoryLimit, provider);
                break;
            case InferenceDevice.DirectML:
                Require(DirectML, OperatingSystem.IsWindows() ? "this build of ONNX Runtime has no DirectML" : "DirectML is Windows' own");
                settings.EnableMemoryPattern = false; // the provider demands both
                settings.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                settings.AppendExecutionProvider_DML(0);
                break;
            case InferenceDevice.CoreML:
                Require(CoreML, OperatingSystem.IsMacOS() ? "this build of ONNX Runtime has no CoreML" : "CoreML is macOS' own");
                settings.AppendExecutionProvider("CoreML", new() { ["ModelFormat"] = "MLProgram" });
                break;
        }
    }

    private static void AppendCuda(SessionOptions settings, long? memoryLimit, string? provider)
    {
        var options = new Dictionary<string, string>
        {
            ["device_id"] = "0",
            // exhaustive search tries every algorithm for every convolution: half a minute before the first frame, a few percent after it
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // float32 that was asked for is float32: TF32 has 10 bits of mantissa
            ["use_tf32"] = "0",
        };
        if (memoryLimit is { } bytes)
        {
            options["gpu_mem_limit"] = bytes.ToString(CultureInfo.InvariantCulture);
            options["arena_extend_strategy"] = "kSameAsRequested"; // powers of two would hit the limit with half of it unused
        }
        var environment = OnnxRuntimeLibrary.Environment;
        if (environment.GetAvailableProviders().Contains(Cuda))
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(options);
            settings.AppendExecutionProvider_CUDA(cuda);
            return;
        }
        if (OnnxRuntimeLibrary.Mismatch is { } mismatch) throw new ProviderMissingException(mismatch, Fetch);
        string library = provider ?? CudaRuntime.FindProvider()
            ?? throw new ProviderMissingException("the CUDA provider of ONNX Runtime is not installed", CudaRuntime.Unsupported ?? Fetch);
        lock (Gate)
        {
            if (registeredCuda is null)
            {
                environment.RegisterExecutionProviderLibrary("MetricDepth.Cuda", library);
                registeredCuda = library;
            }
        }
        var device = environment.GetEpDevices().FirstOrDefault(d => d.EpName == Cuda)
            ?? throw new ProviderMissingException("the CUDA provider sees no NVIDIA GPU",
                "Check that nvidia-smi lists one. If it does, Install-DepthModel -Runtime Cuda -Force fetches the official runtime, which a new shell will use.");
        settings.AppendExecutionProvider(environment, [device], options);
    }

    private static void Require(string provider, string otherwise)
    {
        if (!OnnxRuntimeLibrary.Environment.GetAvailableProviders().Contains(provider)) throw new ProviderMissingException(otherwise, "Take another device.");
    }

    private static string DriverLibrary => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    private static bool IsThere(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }
}

/// <summary>There is no provider for a device.</summary>
internal sealed class ProviderMissingException(string message, string advice) : Exception(message)
{
    /// <summary>A sentence: what to do about it.</summary>
    public string Advice => advice;
}
