"""The service contracts answered on this computer, in a process of its own."""
