namespace MetricDepth.Inference.Checkpoints;

/// <summary>
/// The weights of a network as their makers publish them: PyTorch's <c>.pth</c> or <c>.safetensors</c>. The file is mapped into memory,
/// never read as a whole, and nothing in it is ever executed.
/// </summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>Full path of the file.</summary>
    public abstract string Path { get; }

    /// <summary>The tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>Reads a tensor, or a part of it, as float32, whatever it is stored as.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="first">The first number wanted.</param>
    /// <param name="values">Takes the numbers.</param>
    public abstract void Read(CheckpointTensor tensor, long first, Span<float> values);

    /// <summary>Lets go of the file.</summary>
    public abstract void Dispose();
}
