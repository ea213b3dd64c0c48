"""The local file: probe, pts table, exact frames, export. The only user of PyAV and ffmpeg."""
