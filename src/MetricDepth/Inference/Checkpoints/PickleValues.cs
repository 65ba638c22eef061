namespace MetricDepth.Inference.Checkpoints;

/// <summary>A tuple of a pickle.</summary>
internal sealed class PickleTuple(object?[] items)
{
    /// <summary>What is in it.</summary>
    public object?[] Items => items;
}

/// <summary>A list of a pickle.</summary>
internal sealed class PickleList
{
    /// <summary>What is in it.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A dictionary of a pickle, ordered or not: its pairs as they came, so that nothing is hashed that a file chose.</summary>
internal sealed class PickleDictionary
{
    /// <summary>Keys and values; of equal keys the last one counts.</summary>
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>A storage that a pickle refers to: a run of numbers in an entry of its own.</summary>
internal sealed class PickledStorage(TensorElementType? elementType, string key, long count)
{
    /// <summary>How its numbers are stored; null where it says bytes only and each tensor knows.</summary>
    public TensorElementType? ElementType => elementType;

    /// <summary>The entry's name, without its folder.</summary>
    public string Key => key;

    /// <summary>Numbers in it; bytes if it has no type.</summary>
    public long Count => count;
}

/// <summary>A tensor of a pickle: a view of a storage.</summary>
internal sealed class PickledTensor(PickledStorage storage, TensorElementType elementType, long offset, long[] sizes, long[] strides)
{
    private const int MostDimensions = 64;

    /// <summary>Where its numbers are.</summary>
    public PickledStorage Storage => storage;

    /// <summary>How they are stored.</summary>
    public TensorElementType ElementType => elementType;

    /// <summary>The first one, counted in numbers.</summary>
    public long Offset => offset;

    /// <summary>Its sizes.</summary>
    public long[] Sizes => sizes;

    /// <summary>Whether its numbers lie one after the other, the last index running fastest.</summary>
    public bool IsContiguous
    {
        get
        {
            if (sizes.Contains(0)) return true;
            long step = 1;
            for (int i = sizes.Length - 1; i >= 0; i--)
            {
                if (sizes[i] == 1) continue; // its stride is never used
                if (strides[i] != step) return false;
                if (step > long.MaxValue / sizes[i]) return false;
                step *= sizes[i];
            }
            return true;
        }
    }

    /// <summary>A tensor's sizes or strides; null if they cannot be.</summary>
    public static long[]? Extents(object? value)
    {
        if (value is not PickleTuple { Items.Length: <= MostDimensions } tuple) return null;
        var extents = new long[tuple.Items.Length];
        for (int i = 0; i < extents.Length; i++)
        {
            if (tuple.Items[i] is not long extent || extent < 0) return null;
            extents[i] = extent;
        }
        return extents;
    }
}
