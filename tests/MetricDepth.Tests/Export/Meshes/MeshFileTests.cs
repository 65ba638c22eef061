using System.Globalization;
using System.IO.Compression;
using MetricDepth.Export.Meshes;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Export.Meshes;

public class MeshFileTests
{
    [Fact]
    public void The_khronos_validator_has_nothing_to_say_about_glb_files()
    {
        GltfValidator.Require();
        using var folder = new TempFolder();
        var picture = Texture(20, 10);
        string[] files =
        [
            Write(folder["colours.glb"], MeshFormat.Glb, Patch(5, 4, colors: true)),
            Write(folder["bare.glb"], MeshFormat.Glb, Patch(5, 4)),
            Write(folder["texture.glb"], MeshFormat.Glb, Patch(5, 4, textured: true), picture),
            Write(folder["everything.glb"], MeshFormat.Glb, Patch(5, 5, colors: true, normals: true, textured: true), picture),
            Write(folder["most 16-bit.glb"], MeshFormat.Glb, Patch(257, 255, normals: true)),
            Write(folder["least 32-bit.glb"], MeshFormat.Glb, Patch(256, 256, colors: true)),
            Write(folder["empty.glb"], MeshFormat.Glb, new()),
        ];
        var reports = GltfValidator.AssertFlawless(files);
        Assert.Equal([20, 20, 20, 25, 65535, 65536, 0], reports.Select(r => r.GetProperty("info").GetProperty("totalVertexCount").GetInt32()));
        Assert.Equal([24, 24, 24, 32, 130048, 130050, 0], reports.Select(r => r.GetProperty("info").GetProperty("totalTriangleCount").GetInt32()));
    }

    [Fact]
    public void A_glb_file_has_its_axes_turned_and_its_colours_linear()
    {
        using var folder = new TempFolder();
        var mesh = Patch(3, 3, colors: true, normals: true);
        var glb = new GlbFile(Write(folder["a.glb"], MeshFormat.Glb, mesh));
        float[] positions = glb.Floats("POSITION"), normals = glb.Floats("NORMAL");
        for (int i = 0; i < positions.Length; i++)
        {
            int sign = i % 3 == 0 ? 1 : -1;
            Assert.Equal(sign * mesh.Positions[i], positions[i]);
            Assert.Equal(sign * mesh.Normals[i], normals[i]);
        }
        Assert.Equal(mesh.Triangles.ToArray(), glb.Indices());
        // sRGB 188 is half the light: ((188/255 + 0.055) / 1.055)^2.4 = 0.5029
        var color = new TriangleMesh();
        for (int i = 0; i < 3; i++)
        {
            color.AddVertex(i, i * i, 1);
            color.AddColor(0x00BC00FF);
        }
        color.AddTriangle(0, 1, 2);
        ushort[] rgba = new GlbFile(Write(folder["b.glb"], MeshFormat.Glb, color)).Shorts("COLOR_0");
        Assert.Equal([32957, 0, 65535, 65535], rgba[..4].Select(v => (int)v));
    }

    [Fact]
    public void A_glb_file_holds_the_picture_as_it_is()
    {
        using var folder = new TempFolder();
        var picture = Texture(20, 10);
        var glb = new GlbFile(Write(folder["a.glb"], MeshFormat.Glb, Patch(4, 4, textured: true), picture));
        Assert.Equal(picture.Png, glb.Image());
    }

    [Fact]
    public void An_obj_file_says_in_words_what_the_mesh_has()
    {
        using var folder = new TempFolder();
        var previous = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new("de-DE");
            var mesh = new TriangleMesh();
            foreach (var (x, y, u, v) in new[] { (0f, 0f, 0f, 0f), (0f, -1.25f, 0f, 1f), (1e-6f, 12345.5f, 1f, 0.25f) })
            {
                mesh.AddVertex(x, y, -2);
                mesh.AddNormal(0, 0, -1);
                mesh.AddTextureCoordinate(u, v);
            }
            mesh.AddTriangle(0, 1, 2);
            Write(folder["my mesh.obj"], MeshFormat.Obj, mesh, Texture(2, 2));
            Assert.Equal("""
                # MetricDepth: metres, x right, y down, z forward
                # about
                mtllib my_mesh.mtl
                v 0 0 -2
                v 0 -1.25 -2
                v 0.000001 12345.5 -2
                vt 0 1
                vt 0 0
                vt 1 0.75
                vn 0 0 -1
                vn 0 0 -1
                vn 0 0 -1
                usemtl filmed
                f 1/1/1 2/2/2 3/3/3

                """.ReplaceLineEndings("\n"), File.ReadAllText(folder["my mesh.obj"]));
            Assert.Contains("map_Kd my_mesh.png\n", File.ReadAllText(folder["my_mesh.mtl"]), StringComparison.Ordinal);
            Assert.True(File.Exists(folder["my_mesh.png"]));
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    [Fact]
    public void An_obj_file_has_every_coordinate_to_the_nearest_micrometre_and_the_number_of_every_corner()
    {
        var random = new Random(2);
        const int Vertices = 120_000; // one to six digits
        var mesh = new TriangleMesh();
        for (int v = 0; v < Vertices; v++)
            mesh.AddVertex((float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 11))), random.Next(-40, 40) / 16f, v % 7 * 1e-6f);
        for (int v = 0; v + 2 < Vertices; v++) mesh.AddTriangle(v, v + 1, v + 2);
        using var stream = new MemoryStream();
        ObjMesh.Write(mesh, null, null, stream, TestContext.Current.CancellationToken);
        string[] lines = System.Text.Encoding.ASCII.GetString(stream.GetBuffer(), 0, (int)stream.Length).Split('\n');
        Assert.Equal(1 + Vertices + Vertices - 2 + 1, lines.Length);
        int wrong = 0;
        for (int v = 0; v < Vertices; v++)
            if (lines[1 + v] != $"v {Text(mesh.Positions[3 * v])} {Text(mesh.Positions[3 * v + 1])} {Text(mesh.Positions[3 * v + 2])}") wrong++;
        for (int t = 0; t + 2 < Vertices; t++)
            if (lines[1 + Vertices + t] != FormattableString.Invariant($"f {t + 1} {t + 2} {t + 3}")) wrong++;
        Assert.Equal(0, wrong);

        // from 1,000,000 km on there is an exponent
        static string Text(double metres) => Math.Abs(metres) >= 1e9 ? metres.ToString("E", CultureInfo.InvariantCulture)
            : (Math.Round(metres * 1e6) / 1e6 is var rounded && rounded == 0 ? 0 : rounded).ToString("0.######", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void An_obj_file_without_a_picture_has_the_colours_of_its_vertices_and_no_other_files()
    {
        using var folder = new TempFolder();
        var mesh = new TriangleMesh();
        for (int i = 0; i < 3; i++)
        {
            mesh.AddVertex(i, i * i, 1);
            mesh.AddColor(0x00FF3300);
        }
        mesh.AddTriangle(0, 1, 2);
        string[] lines = File.ReadAllLines(Write(folder["a.obj"], MeshFormat.Obj, mesh));
        Assert.Equal("v 2 4 1 1 0.2 0", lines[4]);
        Assert.Equal("f 1 2 3", lines[5]);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_ply_file_is_as_long_as_its_header_says()
    {
        using var folder = new TempFolder();
        byte[] bytes = File.ReadAllBytes(Write(folder["a.ply"], MeshFormat.Ply, Patch(3, 2, colors: true, normals: true)));
        string text = System.Text.Encoding.ASCII.GetString(bytes);
        int data = text.IndexOf("end_header\n", StringComparison.Ordinal) + 11;
        Assert.Equal("""
            ply
            format binary_little_endian 1.0
            comment MetricDepth: metres, x right, y down, z forward
            comment about
            element vertex 6
            property float x
            property float y
            property float z
            property float nx
            property float ny
            property float nz
            property uchar red
            property uchar green
            property uchar blue
            element face 4
            property list uchar int vertex_indices
            end_header

            """.ReplaceLineEndings("\n"), text[..data]);
        Assert.Equal(data + 6 * 27 + 4 * 13, bytes.Length);
        Assert.Equal(3, bytes[data + 6 * 27]);
        Assert.Equal([0, 3, 4], Enumerable.Range(0, 3).Select(k => BitConverter.ToInt32(bytes, data + 6 * 27 + 1 + 4 * k)));
    }

    [Fact]
    public void Files_get_their_names_together_or_not_at_all()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.png"], "mine");
        Assert.Equal("DestinationExists", Assert.Throws<MetricDepthException>(() => MeshFile.Create(MeshFormat.Obj, folder["a.obj"], isTextured: true, overwrite: false)).ErrorId);
        using (var file = MeshFile.Create(MeshFormat.Obj, folder["b.obj"], isTextured: true, overwrite: false))
            file.Write(Patch(3, 3, textured: true), Texture(2, 2), null, TestContext.Current.CancellationToken);
        Assert.Equal([folder["a.png"]], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(MeshFormat.Glb)]
    [InlineData(MeshFormat.Obj)]
    [InlineData(MeshFormat.Ply)]
    public void A_mesh_that_is_stopped_while_it_is_written_stops_within_a_block_and_leaves_nothing(MeshFormat format)
    {
        var mesh = Patch(300, 300, normals: true);
        using var stop = new CancellationTokenSource();
        using (var stream = new StoppingStream(stop, at: 1_000_000))
        {
            Assert.Throws<OperationCanceledException>(() =>
            {
                if (format == MeshFormat.Glb) GlbMesh.Write(mesh, null, MeshBounds.Of(mesh), stream, stop.Token);
                else if (format == MeshFormat.Obj) ObjMesh.Write(mesh, null, null, stream, stop.Token);
                else PlyMesh.Write(mesh, null, stream, stop.Token);
            });
            Assert.InRange(stream.Position, 1_000_000, 1_000_000 + (1 << 16));
        }
        using var folder = new TempFolder();
        using (var file = MeshFile.Create(format, folder["a"], isTextured: false, overwrite: false))
            Assert.Throws<OperationCanceledException>(() => file.Write(mesh, null, null, stop.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    /// <summary>Cancels as soon as it has taken so many bytes.</summary>
    private sealed class StoppingStream(CancellationTokenSource stop, long at) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            if (Position >= at) stop.Cancel();
        }
    }

    [Theory]
    [InlineData(MeshFormat.Glb)]
    [InlineData(MeshFormat.Obj)]
    [InlineData(MeshFormat.Ply)]
    public void Coordinates_that_are_no_numbers_are_refused(MeshFormat format)
    {
        using var folder = new TempFolder();
        var mesh = new TriangleMesh();
        mesh.AddVertex(0, float.NaN, 1);
        mesh.AddVertex(1, 0, 1);
        mesh.AddVertex(1, 1, 1);
        mesh.AddTriangle(0, 1, 2);
        Assert.Equal("MeshNotFinite", Assert.Throws<MetricDepthException>(() => Write(folder["a"], format, mesh)).ErrorId);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static string Write(string path, MeshFormat format, TriangleMesh mesh, MeshTexture? texture = null)
    {
        using var file = MeshFile.Create(format, path, texture is not null, overwrite: false);
        file.Write(mesh, texture, "about", TestContext.Current.CancellationToken);
        return file.Commit().FullName;
    }

    private static MeshTexture Texture(int width, int height)
    {
        var picture = new Plane<uint>(width, height);
        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] = (uint)(i * 2654435761L) & 0xFFFFFF;
        var texture = new MeshTexture();
        texture.Set(picture, CompressionLevel.Fastest);
        return texture;
    }

    /// <summary>A curved patch of so many vertices, with coordinates that no short decimal number is equal to.</summary>
    private static TriangleMesh Patch(int columns, int rows, bool colors = false, bool normals = false, bool textured = false)
    {
        var mesh = new TriangleMesh();
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x++)
            {
                mesh.AddVertex(x / 3f, y / 7f, 2 + x * y / 11f);
                if (normals) mesh.AddNormal(0.6f, 0, -0.8f);
                if (colors) mesh.AddColor((uint)(x * 40503 + y * 977) & 0xFFFFFF);
                if (textured) mesh.AddTextureCoordinate((x + 0.5f) / columns, (y + 0.5f) / rows);
                if (x == 0 || y == 0) continue;
                int d = y * columns + x, c = d - 1, b = d - columns, a = b - 1;
                mesh.AddTriangle(a, c, d);
                mesh.AddTriangle(a, d, b);
            }
        return mesh;
    }
}
