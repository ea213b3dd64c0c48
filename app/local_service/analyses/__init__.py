"""What is computed from an uploaded video, each analysis in a process of its own."""
