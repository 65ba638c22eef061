namespace MetricDepth.Inference.Checkpoints;

/// <summary>
/// The weights of a network as their makers publish them: PyTorch's <c>.pth</c> or <c>.safetensors</c>. The file is mapped into memory,
/// never read as a whole, and nothing in it is ever executed.
/// </summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>Full path of the file.</summary>
    public abstract string Path { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public abstract IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>Opens a checkpoint; which of the formats it is, its content says, not its name.</summary>
    /// <exception cref="MetricDepthException">
    /// <c>CheckpointNotFound</c>, <c>CheckpointNotReadable</c>; <c>CheckpointUnknown</c>: neither of the formats;
    /// <c>CheckpointUnsafe</c>: a pickle that asks for more than tensors; <c>CheckpointMalformed</c>: broken off or damaged;
    /// <c>CheckpointUnsupported</c>: weights in a form that is not read here.
    /// </exception>
    public static Checkpoint Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            if (ZipDirectory.Begins(file)) return new MappedCheckpoint(file, PyTorchCheckpoint.ReadTensors(file));
            if (SafetensorsCheckpoint.Begins(file)) return new MappedCheckpoint(file, SafetensorsCheckpoint.ReadTensors(file));
            if (PyTorchCheckpoint.IsLegacy(file))
                throw file.Failures.Unsupported("was saved by PyTorch in the format it had before version 1.6",
                    "Load it in PyTorch once and save it again with torch.save, or get the .safetensors file of the same weights.");
            throw new MetricDepthException("CheckpointUnknown", FailureKind.InvalidData,
                $"'{file.Path}' is neither a PyTorch checkpoint nor a safetensors file. Give the .pth or .safetensors file as its makers publish it.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor, or a part of it, as float32, whatever it is stored as.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="first">The first number wanted.</param>
    /// <param name="values">Takes the numbers.</param>
    public abstract void Read(CheckpointTensor tensor, long first, Span<float> values);

    /// <summary>Lets go of the file.</summary>
    public abstract void Dispose();
}
