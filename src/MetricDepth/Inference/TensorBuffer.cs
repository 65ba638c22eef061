using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MetricDepth.Inference;

/// <summary>
/// Memory for float32 tensors that networks read and write in place: outside the managed heap, so that it never moves, and aligned for
/// vector instructions. Several networks may share one, and several tensors may lie in it.
/// </summary>
public sealed unsafe class TensorBuffer : MemoryManager<float>
{
    private const int Alignment = 64;

    private readonly List<TensorView> views = [];
    private float* data;

    /// <summary>Takes memory, filled with zeros.</summary>
    /// <param name="count">How many numbers, 1 to 2³¹ − 1.</param>
    /// <exception cref="MetricDepthException"><c>OutOfMemory</c>.</exception>
    public TensorBuffer(long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue);
        nuint bytes = (nuint)count * sizeof(float);
        try
        {
            data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        }
        catch (OutOfMemoryException e)
        {
            throw OnnxFailure.Memory($"a tensor of {count} numbers", e);
        }
        NativeMemory.Clear(data, bytes);
        Count = (int)count;
    }

    /// <summary>How many numbers.</summary>
    public int Count { get; }

    /// <summary>The numbers.</summary>
    public override Span<float> GetSpan()
    {
        ObjectDisposedException.ThrowIf(data is null, this);
        return new(data, Count);
    }

    /// <summary>A tensor that lies in this buffer. The buffer disposes of it.</summary>
    /// <param name="first">Where it begins, in numbers.</param>
    /// <param name="shape">Its sizes, row-major.</param>
    public TensorView View(long first, params ReadOnlySpan<long> shape)
    {
        ObjectDisposedException.ThrowIf(data is null, this);
        long count = 1;
        foreach (long size in shape) count = checked(count * size);
        if (first < 0 || count < 1 || first + count > Count)
            throw new ArgumentOutOfRangeException(nameof(shape), $"A tensor of {count} numbers from {first} does not lie in a buffer of {Count}.");
        OnnxRuntimeLibrary.Register();
        long[] sizes = shape.ToArray();
        var value = OnnxFailure.Guard(() => OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, sizes, (nint)(data + first), count * sizeof(float)));
        var view = new TensorView(value, Memory.Slice((int)first, (int)count), sizes);
        views.Add(view);
        return view;
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(data + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Frees the memory. No network that is bound to it may run any more.</summary>
    public void Dispose() => ((IDisposable)this).Dispose();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var view in views) view.Value.Dispose();
            views.Clear();
        }
        NativeMemory.AlignedFree(data);
        data = null;
    }
}

/// <summary>A tensor in a <see cref="TensorBuffer"/>, as inputs and outputs are bound to it.</summary>
public sealed class TensorView
{
    internal TensorView(OrtValue value, Memory<float> values, long[] shape) => (Value, Values, Shape) = (value, values, shape);

    /// <summary>The numbers, row-major.</summary>
    public Memory<float> Values { get; }

    /// <summary>The sizes.</summary>
    public IReadOnlyList<long> Shape { get; }

    internal OrtValue Value { get; }
}
