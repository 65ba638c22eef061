using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>
/// Reads the pickle of a PyTorch checkpoint as what it is, a little program for a stack machine (Python's <c>pickletools</c> describes it), and
/// understands only what tensors need: plain values, containers and the names of <see cref="PickleGlobal"/>. Whatever would make Python
/// import, call or build anything else ends the reading.
/// </summary>
internal ref struct PickleMachine
{
    private const int NewestProtocol = 5;
    // Bounds well above any network's, so that a small file cannot ask for much memory or time: 30 instructions make a tensor.
    private const int LongestPickle = 1 << 24;
    private const int MostInstructions = 1_000_000;
    private const int DeepestStack = 100_000;
    private const int LongestString = 1 << 20;
    private const int LongestName = 256;

    // What Python knows besides: DUP, protocol 0's text values, bytes, sets, longer numbers.
    private static ReadOnlySpan<byte> OtherInstructions => [
        (byte)'2', (byte)'d', (byte)'l', (byte)'F', (byte)'I', (byte)'L', (byte)'S', (byte)'V', (byte)'p', (byte)'g', (byte)'B', (byte)'C',
        0x8b, 0x8e, 0x8f, 0x90, 0x91, 0x96];

    private readonly ReadOnlySpan<byte> _pickle;
    private readonly CheckpointFailures _failures;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;

    private PickleMachine(ReadOnlySpan<byte> pickle, CheckpointFailures failures)
    {
        _pickle = pickle;
        _failures = failures;
    }

    /// <summary>Reads a pickle.</summary>
    /// <returns>The value it describes, of the types in PickleValues.cs, string, long, double, bool, null or <see cref="PickleGlobal"/>.</returns>
    /// <exception cref="MetricDepthException"><c>CheckpointUnsafe</c>, <c>CheckpointMalformed</c>, <c>CheckpointUnsupported</c>.</exception>
    public static object? Read(ReadOnlySpan<byte> pickle, CheckpointFailures failures)
    {
        if (pickle.Length > LongestPickle) throw failures.Malformed("its list of tensors is longer than any network's");
        return new PickleMachine(pickle, failures).Run();
    }

    private object? Run()
    {
        for (int instruction = 0; instruction < MostInstructions; instruction++)
        {
            byte code = Take(1)[0];
            if (code == '.')
            {
                object? result = Pop();
                return _stack.Count == 0 && _marks.Count == 0 ? result : throw Damaged("values are left over");
            }
            Step(code);
            if (_stack.Count > DeepestStack || _marks.Count > DeepestStack) throw Damaged("it nests deeper than any network's");
        }
        throw Damaged("it has more instructions than any network's");
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80: // PROTO
                int protocol = Take(1)[0];
                if (protocol > NewestProtocol) throw Damaged(string.Create(CultureInfo.InvariantCulture, $"protocol {protocol} does not exist"));
                break;
            case 0x95: Take(8); break; // FRAME, only a hint for reading ahead
            case (byte)'N': Push(null); break; // NONE
            case 0x88: Push(true); break; // NEWTRUE
            case 0x89: Push(false); break; // NEWFALSE
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break; // BININT
            case (byte)'K': Push((long)Take(1)[0]); break; // BININT1
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break; // BININT2
            case 0x8a: Push(TakeLong()); break; // LONG1
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break; // BINFLOAT
            case (byte)'X': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), Encoding.UTF8)); break; // BINUNICODE
            case 0x8c: Push(Text(Take(1)[0], Encoding.UTF8)); break; // SHORT_BINUNICODE
            case 0x8d: Push(Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)), Encoding.UTF8)); break; // BINUNICODE8
            case (byte)'U': Push(Text(Take(1)[0], Encoding.Latin1)); break; // SHORT_BINSTRING, Python 2
            case (byte)'T': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), Encoding.Latin1)); break; // BINSTRING, Python 2
            case (byte)'(': _marks.Add(_stack.Count); break; // MARK
            case (byte)'0': Pop(); break; // POP
            case (byte)'1': PopToMark(); break; // POP_MARK
            case (byte)')': Push(new PickleTuple([])); break; // EMPTY_TUPLE
            case 0x85: Push(new PickleTuple(PopMany(1))); break; // TUPLE1
            case 0x86: Push(new PickleTuple(PopMany(2))); break; // TUPLE2
            case 0x87: Push(new PickleTuple(PopMany(3))); break; // TUPLE3
            case (byte)'t': Push(new PickleTuple(PopToMark())); break; // TUPLE
            case (byte)']': Push(new PickleList()); break; // EMPTY_LIST
            case (byte)'a': Append(PopMany(1)); break; // APPEND
            case (byte)'e': Append(PopToMark()); break; // APPENDS
            case (byte)'}': Push(new PickleDictionary()); break; // EMPTY_DICT
            case (byte)'s': SetItems(PopMany(2)); break; // SETITEM
            case (byte)'u': SetItems(PopToMark()); break; // SETITEMS
            case (byte)'q': _memo[Take(1)[0]] = Top(); break; // BINPUT
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break; // LONG_BINPUT
            case 0x94: _memo[(uint)_memo.Count] = Top(); break; // MEMOIZE
            case (byte)'h': Push(Remembered(Take(1)[0])); break; // BINGET
            case (byte)'j': Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break; // LONG_BINGET
            case (byte)'c': Push(TakeGlobal()); break; // GLOBAL
            case 0x93: Push(PopGlobal()); break; // STACK_GLOBAL
            case (byte)'Q': Push(Storage(Pop())); break; // BINPERSID
            case (byte)'R': Push(Reduce()); break; // REDUCE
            case (byte)'b': SetState(); break; // BUILD
            default: throw Refused(code);
        }
    }

    // What Python would run. INST names what it would call, so the name is told; of the others what is named lies on the stack.
    private MetricDepthException Refused(byte code)
    {
        switch (code)
        {
            case (byte)'i':
                TakeGlobal();
                return _failures.Unsafe("makes an object (pickle instruction INST)");
            case (byte)'o': return _failures.Unsafe("makes an object (pickle instruction OBJ)");
            case 0x81: return _failures.Unsafe("makes an object (pickle instruction NEWOBJ)");
            case 0x92: return _failures.Unsafe("makes an object (pickle instruction NEWOBJ_EX)");
            case 0x82 or 0x83 or 0x84: return _failures.Unsafe("asks for an extension of Python's (pickle instruction EXT)");
            case (byte)'P': return _failures.Unsafe("asks for something outside of it by name (pickle instruction PERSID)");
            case 0x97 or 0x98: return _failures.Unsafe("asks for a buffer outside of it (pickle instruction NEXT_BUFFER)");
        }
        return OtherInstructions.Contains(code)
            ? _failures.Unsafe(string.Create(CultureInfo.InvariantCulture, $"uses the pickle instruction 0x{code:x2}"))
            : Damaged(string.Create(CultureInfo.InvariantCulture, $"0x{code:x2} is no instruction"));
    }

    private PickleGlobal TakeGlobal()
    {
        string module = Line();
        return PickleGlobal.Find(module, Line(), _failures);
    }

    private PickleGlobal PopGlobal()
    {
        object? name = Pop();
        return Pop() is string module && name is string text ? PickleGlobal.Find(module, text, _failures) : throw Damaged("a name is no text");
    }

    // torch.save's ('storage', type, key, location, number of elements)
    private readonly PickledStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", var type, string key, _, long count, ..] })
            throw _failures.Unsafe("refers to something outside of it that is no storage of numbers (pickle instruction BINPERSID)");
        if (type is not PickleGlobal { Kind: PickleGlobalKind.Storage } global || count < 0) throw Damaged("a storage has no type or length");
        return new(global.ElementType, key, count);
    }

    private object? Reduce()
    {
        object? arguments = Pop(), function = Pop();
        if (function is not PickleGlobal global || arguments is not PickleTuple { Items: var items }) throw Damaged("something is called that is no function");
        return (global.Kind, items) switch
        {
            (PickleGlobalKind.OrderedDictionary, []) => new PickleDictionary(),
            (PickleGlobalKind.Size, [PickleTuple size]) => size,
            (PickleGlobalKind.RebuildParameter, [PickledTensor tensor, ..]) => tensor,
            (PickleGlobalKind.RebuildTensor, [PickledStorage storage, long offset, var sizes, var strides, ..]) => Tensor(storage, offset, sizes, strides, items),
            _ => throw _failures.Unsafe($"calls {CheckpointFailures.Quote(global.Name)} in a way of its own"),
        };
    }

    // _rebuild_tensor_v3 says the type after requires_grad and the hooks; the others take the storage's.
    private readonly PickledTensor Tensor(PickledStorage storage, long offset, object? sizes, object? strides, object?[] arguments)
    {
        var type = arguments is [_, _, _, _, _, _, PickleGlobal { Kind: PickleGlobalKind.ElementType } given, ..]
            ? given.ElementType
            : storage.ElementType ?? TensorElementType.UInt8;
        var size = PickledTensor.Extents(sizes);
        var stride = PickledTensor.Extents(strides);
        if (type is not { } known || offset < 0 || size is null || stride is null || size.Length != stride.Length) throw Damaged("a tensor has no possible shape");
        return new(storage, known, offset, size, stride);
    }

    // An OrderedDict's attributes (the versions of modules) say nothing that is needed; of anything else Python would call __setstate__.
    private void SetState()
    {
        object? state = Pop();
        if (Top() is not PickleDictionary || state is not (PickleDictionary or null))
            throw _failures.Unsafe("sets the state of an object (pickle instruction BUILD)");
    }

    private readonly void Append(object?[] values)
    {
        if (Top() is not PickleList list) throw Damaged("something is appended to what is no list");
        list.Items.AddRange(values);
    }

    private readonly void SetItems(object?[] values)
    {
        if (Top() is not PickleDictionary dictionary || values.Length % 2 != 0) throw Damaged("an item is put into what is no dictionary");
        for (int i = 0; i < values.Length; i += 2) dictionary.Items.Add(new(values[i], values[i + 1]));
    }

    private readonly object? Remembered(uint index) => _memo.TryGetValue(index, out object? value) ? value : throw Damaged("it refers to something that was not there");

    private readonly void Push(object? value) => _stack.Add(value);

    // Nothing below the last mark may be taken: it belongs to what is being collected.
    private readonly int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private readonly object? Top() => _stack.Count > Floor ? _stack[^1] : throw Damaged("a value is missing");

    private readonly object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly object?[] PopMany(int count)
    {
        if (_stack.Count - count < Floor) throw Damaged("a value is missing");
        return TakeFrom(_stack.Count - count);
    }

    private readonly object?[] PopToMark()
    {
        if (_marks.Count == 0) throw Damaged("a collection has no beginning");
        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return TakeFrom(mark);
    }

    private readonly object?[] TakeFrom(int index)
    {
        object?[] values = [.. _stack[index..]];
        _stack.RemoveRange(index, values.Length);
        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _pickle.Length - _at) throw Damaged("it breaks off");
        var bytes = _pickle.Slice(_at, count);
        _at += count;
        return bytes;
    }

    private long TakeLong()
    {
        var bytes = Take(Take(1)[0]);
        if (bytes.Length > sizeof(long)) throw Damaged("a number is larger than any size");
        long value = bytes.Length > 0 && (sbyte)bytes[^1] < 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--) value = value << 8 | bytes[i];
        return value;
    }

    private string Text(ulong length, Encoding encoding)
    {
        if (length > LongestString) throw Damaged("a text is longer than any name");
        return encoding.GetString(Take((int)length));
    }

    private string Line()
    {
        var rest = _pickle[_at..];
        int length = rest[..Math.Min(rest.Length, LongestName + 1)].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("a name does not end");
        string line = Encoding.UTF8.GetString(rest[..length]);
        _at += length + 1;
        return line;
    }

    private readonly MetricDepthException Damaged(string why) =>
        _failures.Malformed(string.Create(CultureInfo.InvariantCulture, $"its list of tensors cannot be read at byte {_at} ({why})"));
}
