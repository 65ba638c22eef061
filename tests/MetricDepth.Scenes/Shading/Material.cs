using System.Numerics;

namespace MetricDepth.Scenes.Shading;

/// <summary>What a surface looks like: matt (the same from everywhere), so that views of it agree.</summary>
internal sealed record Material
{
    private readonly Lazy<Texture> _texture;

    public Material(Lazy<Texture> texture) => _texture = texture;

    public Texture Texture => _texture.Value;

    /// <summary>Side of one tile on the surface, metres; 0 stretches one tile over the whole face.</summary>
    public float Tile { get; init; } = 1;

    /// <summary>Where on the tile the face begins, tiles.</summary>
    public Vector2 Shift { get; init; }

    /// <summary>Multiplies the texture.</summary>
    public Vector4 Tint { get; init; } = Vector4.One;

    /// <summary>Light given off: the texture times this, whatever light falls on it.</summary>
    public float Emission { get; init; }

    /// <summary>Strength of slow variation that hides the tiling, 0..1.</summary>
    public float Weathering { get; init; }

    /// <summary>Side of a light-map texel, metres.</summary>
    public float LightTexel { get; init; } = 0.04f;

    public Vector4 MeanColor => Texture.Mean * Tint;
}
