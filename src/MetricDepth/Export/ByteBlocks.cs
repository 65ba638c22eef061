namespace MetricDepth.Export;

/// <summary>
/// Bytes in memory on their way to a file, in blocks: they grow without being copied, beyond 2 GB too, and are kept for the next frame.
/// </summary>
internal sealed class ByteBlocks
{
    private const int BlockBytes = 1 << 20;

    private readonly List<(byte[] Bytes, int Used)> _blocks = [];
    private byte[] _current = [];
    private int _used, _index = -1;
    private long _before;

    /// <summary>Makes an empty one.</summary>
    /// <param name="expected">Bytes to have room for from the start.</param>
    public ByteBlocks(long expected = 0)
    {
        for (long room = 0; room < expected; room += BlockBytes) _blocks.Add((GC.AllocateUninitializedArray<byte>(BlockBytes), 0));
    }

    /// <summary>Bytes so far.</summary>
    public long Length => _before + _used;

    /// <summary>Starts anew; memory is kept.</summary>
    public void Clear()
    {
        for (int i = 0; i < _blocks.Count; i++) _blocks[i] = (_blocks[i].Bytes, 0);
        (_current, _used, _index, _before) = ([], 0, -1, 0);
    }

    /// <summary>Room for so many bytes in one piece; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_current.Length - _used < bytes) NextBlock(bytes);
        return _current.AsSpan(_used);
    }

    /// <summary>Takes what was written into <see cref="Reserve"/>'s room.</summary>
    public void Advance(int bytes) => _used += bytes;

    /// <summary>Changes the byte taken last.</summary>
    public void ReplaceLast(byte value) => _current[_used - 1] = value;

    /// <summary>Writes everything.</summary>
    public void CopyTo(Stream stream, CancellationToken cancellation = default)
    {
        for (int i = 0; i < _index; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(_blocks[i].Bytes, 0, _blocks[i].Used);
        }
        cancellation.ThrowIfCancellationRequested();
        stream.Write(_current, 0, _used);
    }

    private void NextBlock(int bytes)
    {
        if (_index >= 0) _blocks[_index] = (_current, _used);
        _before += _used;
        _used = 0;
        _index++;
        if (_index == _blocks.Count) _blocks.Add(default);
        if (_blocks[_index].Bytes is not { } kept || kept.Length < bytes)
            _blocks[_index] = (GC.AllocateUninitializedArray<byte>(Math.Max(bytes, BlockBytes)), 0);
        _current = _blocks[_index].Bytes;
    }
}
