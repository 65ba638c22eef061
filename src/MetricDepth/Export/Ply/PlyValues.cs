using System.Buffers.Binary;

namespace MetricDepth.Export.Ply;

/// <summary>
/// The numbers of PLY records as bytes, in the order of the header's properties: little-endian, or in the shortest words that read
/// back as the same number, one record a line.
/// </summary>
/// <param name="encoding">How numbers are written.</param>
/// <param name="bytes">Where to.</param>
internal sealed class PlyValues(PlyEncoding encoding, ByteBlocks bytes)
{
    private readonly bool _inWords = encoding == PlyEncoding.Ascii;
    private readonly int _mostBytes = encoding == PlyEncoding.Ascii ? PlyProperty.Letters(PlyType.Float) : sizeof(float);

    /// <summary>What was written.</summary>
    public ByteBlocks Bytes => bytes;

    /// <summary>A <c>float</c>.</summary>
    public void Write(float value)
    {
        var room = bytes.Reserve(_mostBytes);
        if (_inWords) EndWord(ShortestDecimal.Write(value, room), room);
        else
        {
            BinaryPrimitives.WriteSingleLittleEndian(room, value);
            bytes.Advance(sizeof(float));
        }
    }

    /// <summary>An <c>int</c>.</summary>
    public void Write(int value)
    {
        var room = bytes.Reserve(_mostBytes);
        if (_inWords) EndWord(ShortestDecimal.Write(value, room), room);
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(room, value);
            bytes.Advance(sizeof(int));
        }
    }

    /// <summary>A <c>uchar</c>.</summary>
    public void Write(byte value)
    {
        var room = bytes.Reserve(_mostBytes);
        if (_inWords) EndWord(ShortestDecimal.Write(value, room), room);
        else
        {
            room[0] = value;
            bytes.Advance(1);
        }
    }

    /// <summary>The three <c>uchar</c> of a colour.</summary>
    /// <param name="color">BGR0.</param>
    public void WriteColor(uint color)
    {
        Write((byte)(color >> 16));
        Write((byte)(color >> 8));
        Write((byte)color);
    }

    /// <summary>Ends a record; in words it is a line.</summary>
    public void EndRecord()
    {
        // the last number has left a space
        if (_inWords) bytes.ReplaceLast((byte)'\n');
    }

    private void EndWord(int letters, Span<byte> room)
    {
        room[letters] = (byte)' ';
        bytes.Advance(letters + 1);
    }
}
