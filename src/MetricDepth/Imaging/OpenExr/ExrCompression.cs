namespace MetricDepth.Imaging.OpenExr;

/// <summary>How the blocks of an EXR file are packed, under the numbers of the format.</summary>
public enum ExrCompression
{
    /// <summary>Not at all.</summary>
    None = 0,
    /// <summary>Runs of equal bytes, a line a block.</summary>
    Rle = 1,
    /// <summary>zlib, a line a block.</summary>
    Zips = 2,
    /// <summary>zlib, sixteen lines a block.</summary>
    Zip = 3,
    /// <summary>Wavelets and Huffman codes. Not read here.</summary>
    Piz = 4,
    /// <summary>24-bit floating point. Not read here.</summary>
    Pxr24 = 5,
    /// <summary>Lossy blocks of 4×4. Not read here.</summary>
    B44 = 6,
    /// <summary>Lossy blocks of 4×4, flat ones smaller. Not read here.</summary>
    B44A = 7,
    /// <summary>Lossy, 32 lines a block. Not read here.</summary>
    Dwaa = 8,
    /// <summary>Lossy, 256 lines a block. Not read here.</summary>
    Dwab = 9,
}
