namespace MetricDepth.Imaging;

/// <summary>Numbers as colours, by the published tables of 256 colours, within one level of each channel.</summary>
public static class Colormap
{
    /// <summary>Entries of a <see cref="Table"/>.</summary>
    public const int Steps = 1024;

    // Every fifth colour of a table; a Catmull-Rom spline through them gives the others within one level.
    private const string TurboKnots =
        "30123B36215F3B2F803F3E9C424BB54559CB4666DD4773EB4680F6458CFD4099FF38A5FB2FB2F427BEE91FC9DD1AD4D018DDC21AE4B622EBAA2FF19B3FF68A"
        + "52FA7A65FD6979FE598BFF4B9CFE40A9FB39B7F735C3F134D0EA34DBE236E5D938EECF3AF5C53AFABA39FDAE35FEA130FE932AFC8423F9751DF46617EF5811"
        + "E84B0CE14109D83706CE2D04C32503B71D02A916019B0F018B09027A0403";

    private const string ViridisKnots =
        "44015446085C471063481769481D6F482475472A7A46307E453781433D844142873F48893D4E8A3A538B38598C355E8D33638D31688E2E6D8E2C718E2A768E"
        + "297B8E27808E25848E23898E218E8D20928C1F978B1E9C891FA18821A58524AA8328AE802EB37C35B7793DBC7446C06F50C46A5AC86465CB5E70CF577CD250"
        + "89D54895D840A2DA37B0DD2FBDDF26CAE11FD8E219E5E419F1E51DFDE725";

    private const string InfernoKnots =
        "00000402020C0504170A072210092D160B391E0C45260C512F0A5B380962400A67490B6A510E6C59106E61136E69166E71196E781C6D801F6C88226A902568"
        + "982766A02A63A82E5FB0315BB73557BF3952C63D4DCC4248D34743D94D3DDF5337E45A31E9612BED6925F1711FF47918F78212F98B0BFA9407FB9D07FCA60C"
        + "FCB014FBBA1FFAC42AF8CD37F6D746F4E156F2EA69F2F27DF5F992FCFFA4";

    private static readonly uint[] TurboTable = Spline(TurboKnots), ViridisTable = Spline(ViridisKnots), InfernoTable = Spline(InfernoKnots);

    /// <summary>All colours of a map, from 0 to 1, BGR0.</summary>
    /// <param name="map">Which.</param>
    public static ReadOnlySpan<uint> Table(ColormapName map) => map switch
    {
        ColormapName.Viridis => ViridisTable,
        ColormapName.Inferno => InfernoTable,
        _ => TurboTable,
    };

    /// <summary>
    /// Turbo, from dark blue (0) over green (0.5) to dark red (1): without the false edges of a rainbow. A. Mikhailov, "Turbo, an improved
    /// rainbow colormap for visualization", Google AI blog, 2019.
    /// </summary>
    /// <param name="value">0..1; what lies outside is clamped, NaN is 0.</param>
    /// <returns>A BGR0 pixel.</returns>
    public static uint Turbo(double value) => At(TurboTable, value);

    /// <summary>Viridis, from dark violet (0) over green to yellow (1). S. van der Walt and N. Smith, matplotlib 1.5, 2015.</summary>
    /// <param name="value">0..1; what lies outside is clamped, NaN is 0.</param>
    /// <returns>A BGR0 pixel.</returns>
    public static uint Viridis(double value) => At(ViridisTable, value);

    /// <summary>Inferno, from black (0) over violet and orange to pale yellow (1). S. van der Walt and N. Smith, matplotlib 1.5, 2015.</summary>
    /// <param name="value">0..1; what lies outside is clamped, NaN is 0.</param>
    /// <returns>A BGR0 pixel.</returns>
    public static uint Inferno(double value) => At(InfernoTable, value);

    private static uint At(uint[] table, double value) => table[value > 0 ? (int)(Math.Min(value, 1) * (Steps - 1) + 0.5) : 0];

    private static uint[] Spline(string knots)
    {
        byte[] k = Convert.FromHexString(knots);
        int spans = k.Length / 3 - 1;
        var table = new uint[Steps];
        for (int i = 0; i < Steps; i++)
        {
            double position = i / (Steps - 1.0) * spans;
            int span = Math.Min((int)position, spans - 1);
            table[i] = Level(0) << 16 | Level(1) << 8 | Level(2);

            uint Level(int channel)
            {
                double f = position - span, a = Knot(span - 1), b = Knot(span), c = Knot(span + 1), d = Knot(span + 2);
                return (uint)Math.Round(Math.Clamp(b + f / 2 * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a))), 0, 255));

                double Knot(int n) => n < 0 ? 2.0 * k[channel] - k[3 + channel]
                    : n > spans ? 2.0 * k[3 * spans + channel] - k[3 * (spans - 1) + channel]
                    : k[3 * n + channel];
            }
        }
        return table;
    }
}
